# One image for web, worker, beat and migrate. Offline: --build-arg BASE=<any image with Python 3.11+ and venv>.
ARG BASE=docker.io/library/python:3.11-slim-bookworm

FROM ${BASE} AS build
WORKDIR /app
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.lock ./
RUN python3 -m venv .venv && .venv/bin/pip install --quiet --require-hashes -r requirements.lock
COPY manage.py ./
COPY tracker tracker
COPY projects projects
COPY supervision supervision
COPY templates templates
COPY static static
COPY docs/manual docs/manual
# Compressed once here; the key signs nothing that lasts.
RUN DUJIN_DATA=/tmp/build .venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && chmod -R a+rX . && rm -rf /tmp/build .venv/lib/python3*/site-packages/pip

FROM ${BASE}
# pg_dump and pg_restore for backups; the version must not be older than the server's.
# hadolint ignore=DL3008
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin dujin \
    && install -d -o dujin -g dujin -m 0700 /data /backups
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DUJIN_DATA=/data DUJIN_PROFILE=production
USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-m", "tracker.probe"]
CMD ["granian", "tracker.wsgi:application", "--interface", "wsgi", "--no-ws", "--host", "0.0.0.0", "--workers", "2", \
     "--blocking-threads", "4", "--blocking-threads-idle-timeout", "600", "--respawn-failed-workers", \
     "--respawn-interval", "5", "--workers-kill-timeout", "10", "--log-level", "warning"]
