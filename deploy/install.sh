#!/bin/bash
# Installs Dujin from this bundle, or upgrades it, on a machine without any network.
#   ./install.sh [--to /opt/dujin] [--python python3.11] [--no-backup] [--images]
# Needs Python 3.11 or newer and nothing else. The data folder and .env are never touched.
set -euo pipefail
bundle=$(cd "$(dirname "$0")" && pwd)
to=/opt/dujin
python=python3
backup=1
images=

say() { echo "$*"; }
refuse() { echo "$*" >&2; exit 1; }

while [ $# -gt 0 ]; do
    case $1 in
        --to) to=$2; shift 2 ;;
        --python) python=$2; shift 2 ;;
        --no-backup) backup=; shift ;;
        --images) images=1; shift ;;
        *) refuse "不认识的参数 $1。用法：$0 [--to 文件夹] [--python 程序] [--no-backup] [--images]" ;;
    esac
done

(cd "$bundle" && sha256sum --check --quiet SHA256SUMS) || refuse "安装包不完整或已损坏，请重新拷贝。"

if [ -n "$images" ]; then
    engine=$(command -v docker || command -v podman) || refuse "没有找到 docker 或 podman。"
    for archive in "$bundle"/images/*.tar; do
        [ -e "$archive" ] || refuse "这个安装包不含镜像，请用 make bundle IMAGES=1 重新制作。"
        say "载入 $(basename "$archive") …"
        "$engine" load --quiet --input "$archive"
    done
    say "镜像已载入。接下来在 $bundle/program 中写好 .env，运行 docker compose up -d --no-build。"
    exit 0
fi

command -v "$python" >/dev/null || refuse "没有找到 $python。请先安装 Python 3.11 或更新的版本，或用 --python 指明。"
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
grep -qxF "$version" "$bundle/pythons" ||
    refuse "$python 是 $version，安装包适用于 Python $(paste -sd '、' "$bundle/pythons")。请用 --python 指明其中之一。"

mkdir -p "$to"
to=$(cd "$to" && pwd)
manage() { (cd "$to" && .venv/bin/python manage.py "$@"); }
setting() { # setting NAME DEFAULT: as the site itself will read it
    local line
    line=$(grep -E "^$1=" "$to/.env" 2>/dev/null | tail -n 1 || true)
    line=${line#*=}
    echo "${!1:-${line:-$2}}"
}
profile=$(setting DUJIN_PROFILE embedded)
data=$(setting DUJIN_DATA "$to/var")

if [ -e "$data/serve.pid" ] && ! flock --nonblock "$data/serve.pid" true; then
    refuse "本系统正在运行（进程 $(cat "$data/serve.pid")），请先停止，再升级。"
fi
if [ -n "$backup" ] && [ "$profile" = embedded ] && [ -e "$data/dujin.sqlite3" ]; then
    [ -x "$to/.venv/bin/python" ] || refuse "有数据而没有可用的程序，无法先做备份。确认已有备份后加 --no-backup 重试。"
    say "升级前备份 …"
    manage backup --to "$data/backups"
fi

say "复制程序到 $to …"
mkdir -p "$to/var"
for item in "$bundle"/program/* "$bundle"/program/.[!.]*; do
    name=$(basename "$item")
    [ "$name" = var ] && continue
    rm -rf "${to:?}/$name"
    cp -R "$item" "$to/$name"
done
rm -rf "$to/var/static"
cp -R "$bundle/program/var/static" "$to/var/static"

say "安装软件包（离线，逐个核对摘要）…"
"$python" -m venv --clear --without-pip "$to/.venv"
pip=("$to/.venv/bin/python" "$(echo "$bundle"/wheels/pip-*.whl)/pip")
PIP_CONFIG_FILE=/dev/null "${pip[@]}" --isolated install --quiet --disable-pip-version-check --no-index \
    --find-links "$bundle/wheels" --require-hashes --requirement "$to/requirements.lock"

if [ "$profile" = embedded ]; then
    say "建立或升级数据库 …"
    manage migrate --verbosity 0
    say "已安装。首次安装请建立管理员账号和工作日历："
    say "  cd $to && .venv/bin/python manage.py first_accounts --system 姓名 --security 姓名 --audit 姓名"
    say "  cd $to && .venv/bin/python manage.py seed_calendar"
    say "启动：cd $to && .venv/bin/python manage.py serve --host 0.0.0.0 --port 8000"
    say "随机器启动：见 $to/deploy/dujin.service 和 docs/operations.zh.md"
else
    manage check
    say "已安装。正式环境请按 docs/operations.zh.md：运行 manage.py migrate，再启动各进程。"
fi
