#!/usr/bin/env bash
# 見本の市で、取込から報告までを一度に見せる。SERVE=1 なら最後に画面を開く。
set -euo pipefail
mkdir -p "$DEMO"
store="sqlite:///$DEMO/tsunagu.db"
sample=$("$TSUNAGU" sample)
say() { printf '\n\033[1m── %s\033[0m\n' "$1"; }

say '1. 見本の市「みほん市」を取り込む（二度目からは変わった行だけ）'
"$TSUNAGU" --store "$store" import "$sample" --yes
say '2. 80代の親と60代の息子の世帯に、何が合うか'
"$TSUNAGU" --store "$store" match "$sample/../demo_case.json" --top 8
say '3. 地図を書き出す'
"$TSUNAGU" --store "$store" map "$DEMO/map.html" --cases "$sample/cases.jsonl"
say '4. 不足している資源の報告（見本なので小さな数も伏せない）'
"$TSUNAGU" --store "$store" gaps --cases "$sample/cases.jsonl" --threshold 1 --out "$DEMO/gaps.xlsx"
"$TSUNAGU" --store "$store" gaps --cases "$sample/cases.jsonl" --threshold 1 --out "$DEMO/gaps.html" >/dev/null
printf '\n地図: %s\n報告: %s, %s\n' "$DEMO/map.html" "$DEMO/gaps.xlsx" "$DEMO/gaps.html"
if [ "${SERVE:-1}" = 1 ]; then
  say "5. 画面を開く：http://${HOST}:${PORT} （終わるときは Ctrl+C）"
  exec "$TSUNAGU" --store "$store" serve --host "$HOST" --port "$PORT"
fi
