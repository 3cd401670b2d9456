import csv
import datetime as dt
import hashlib
import os
import pickle
import smtplib
import socket
import subprocess
import tempfile
import time
import urllib.request
# ruleid: xml-parser
import xml.etree.ElementTree

import openpyxl
import yaml
from django.utils import timezone
# ruleid: xml-parser
from lxml import etree
# ok: xml-parser
from html import unescape

# ruleid: settings-for-one-desk
DEBUG = True
# ruleid: settings-for-one-desk
ALLOWED_HOSTS = ["*"]
# ok: settings-for-one-desk
ALLOWED_HOSTS = env.hosts


def ask(cursor, name, table):
    # ruleid: sql-that-is-no-literal
    cursor.execute(f"SELECT * FROM {table}")
    # ruleid: sql-that-is-no-literal
    cursor.execute("SELECT * FROM unit WHERE name = '%s'" % name)
    # ruleid: sql-that-is-no-literal
    cursor.execute("SELECT * FROM unit WHERE name = '" + name + "'")
    # ruleid: sql-that-is-no-literal
    Unit.objects.raw("SELECT * FROM unit WHERE name = '{}'".format(name))
    # ruleid: sql-that-is-no-literal
    Unit.objects.extra(where=[f"name = '{name}'"])
    # ruleid: sql-that-is-no-literal
    RawSQL(name, ())
    # ok: sql-that-is-no-literal
    cursor.execute("SELECT * FROM unit WHERE name = %s", [name])


def look_at_the_clock():
    # ruleid: wall-clock
    dt.datetime.now(tz=dt.UTC)
    # ruleid: wall-clock
    dt.date.today()
    # ruleid: wall-clock
    timezone.now()
    # ruleid: wall-clock
    time.time()
    # ok: wall-clock
    time.monotonic()


# ruleid: request-below-the-views
def submit(request: HttpRequest):
    # ruleid: request-below-the-views
    return request.POST


# ok: request-below-the-views
def decide(request: MilestoneMove):
    # ok: request-below-the-views
    return request.new_due


def run(line):
    # ruleid: shell
    subprocess.run(line, shell=True)
    # ruleid: shell
    os.system(line)
    # ok: shell
    subprocess.run(["ls", line])


def believe(data):
    # ruleid: data-that-becomes-code
    eval(data)
    # ruleid: data-that-becomes-code
    pickle.loads(data)
    # ruleid: data-that-becomes-code
    yaml.load(data)
    # ok: data-that-becomes-code
    yaml.load(data, Loader=yaml.SafeLoader)
    # ok: data-that-becomes-code
    json.loads(data)


def unpack(archive, folder):
    # ruleid: archive-unpacked-blindly
    archive.extractall(folder)
    # ok: archive-unpacked-blindly
    archive.extractall(folder, filter="data")


def call(url):
    # ruleid: connection-without-a-limit
    urllib.request.urlopen(url)
    # ruleid: connection-without-a-limit
    smtplib.SMTP("mail.example")
    # ruleid: connection-without-a-limit
    socket.create_connection(("mail.example", 25))
    # ok: connection-without-a-limit
    urllib.request.urlopen(url, timeout=3)
    # ok: connection-without-a-limit
    smtplib.SMTP("mail.example", timeout=3)


def write(stream, cell, text):
    # ruleid: cells-written-elsewhere
    openpyxl.Workbook()
    # ruleid: cells-written-elsewhere
    csv.writer(stream)
    # ok: cells-written-elsewhere
    csv.reader(stream)
    # ruleid: formula
    cell.data_type = "f"
    # ruleid: formula
    cell.value = f"=SUM({text})"
    # ok: formula
    cell.data_type = "s"


def digest(data):
    # ruleid: weak-digest
    hashlib.md5(data)
    # ruleid: weak-digest
    tempfile.mktemp()
    # ok: weak-digest
    hashlib.sha256(data)


def say(log, password, user):
    # ruleid: secret-in-the-log
    log.info("signing in with %s", password)
    # ruleid: secret-in-the-log
    log.warning("reset", user.new_password)
    # ok: secret-in-the-log
    log.info("signing in as %s", user.username)
