#!/usr/bin/env bash
# 試験に要るシステムの部品：ブラウザ、和文の字形、Java（実Neo4jの起動）、Maven、PDFの部品、Cの組み立て。
# Debian系でrootなら入れる。ほかでは足りない物の名前を示す。CI=true のときは足りなければ失敗する。
set -euo pipefail
missing=()
command -v chromium >/dev/null 2>&1 || missing+=(chromium)
command -v java >/dev/null 2>&1 || missing+=(openjdk-17-jre-headless)
command -v mvn >/dev/null 2>&1 || missing+=(maven)
fc-list 2>/dev/null | grep -iE 'noto ?sans ?cjk|ipaex|bizud' >/dev/null || missing+=(fonts-noto-cjk fontconfig)
ldconfig -p 2>/dev/null | grep libpangoft2-1.0 >/dev/null || missing+=(libpango-1.0-0 libpangoft2-1.0-0)
command -v cc >/dev/null 2>&1 || missing+=(gcc libc6-dev)
"${PYTHON:-python3}" -c 'import os, sys, sysconfig; sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))' || missing+=(python3-dev)
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "試験に要る部品を入れます：${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  exit 0
fi
echo "試験に要る部品がありません：${missing[*]}" >&2
echo "管理者に入れてもらうか、ある環境で試してください。ないまま続けると、その試験は「skipped」と表示されます。" >&2
[ "${CI:-}" = true ] && exit 1
exit 0
