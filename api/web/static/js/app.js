// 「/」で検索へ。相談画面では、押した札のそばに焦点を戻す。

const isTyping = (target) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const box = document.getElementById("site-q");
  if (box) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});

// 札を外した後は、同じ欄の入力へ。キーボードだけで続けて直せるようにする。
let focusAfter = null;
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-refocus]") : null;
  if (button) focusAfter = button.getAttribute("data-refocus");
});
// 前の書き換えの知らせが遅れて届いても見失わないよう、次に人が何かするまで覚えておく。
const forget = () => {
  focusAfter = null;
};
document.addEventListener("keydown", forget, true);
document.addEventListener("pointerdown", forget, true);
const restore = () => {
  if (focusAfter) document.getElementById(focusAfter)?.focus();
};
document.addEventListener("htmx:afterSwap", restore);
document.addEventListener("htmx:after:swap", restore);

// 印刷の釦（スクリプトが動くときだけ見せる）
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
// 選んだらすぐ絞り込む
document.addEventListener("change", (event) => {
  const field = event.target;
  if (field instanceof HTMLElement && field.matches("[data-submit]")) field.closest("form")?.requestSubmit();
});

// 大きなファイルは、送る前に大きさを確かめ、送るあいだ進みぐあいを見せる。スクリプトがなくても、ふつうの送信で動く。
const refuse = (form, text) => {
  const box = form.querySelector("[data-refused]");
  box.textContent = text;
  box.hidden = false;
};
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches("[data-upload]") || !("FormData" in window)) return;
  event.preventDefault();
  form.querySelector("[data-refused]").hidden = true;
  const most = Number(form.dataset.most);
  const size = [...form.querySelector("input[type=file]").files].reduce((sum, file) => sum + file.size, 0);
  const mega = (bytes) => (bytes / 1000000).toLocaleString("ja-JP", { maximumFractionDigits: 1 });
  if (size > most * 1000000) {
    refuse(form, `合わせて${mega(size)}MBあり、受け取れる大きさ（${most}MB）を超えています。市区町村や種類ごとに分けるか、zipにまとめて送ってください。`);
    return;
  }
  const button = form.querySelector("button:not([type])");
  const sending = form.querySelector("[data-sending]");
  const bar = sending.querySelector("progress");
  const said = sending.querySelector("[data-sent]");
  const request = new XMLHttpRequest();
  const stopped = (text) => {
    sending.hidden = true;
    button.disabled = false;
    refuse(form, text);
  };
  request.upload.addEventListener("progress", (now) => {
    if (!now.lengthComputable) return;
    bar.value = (100 * now.loaded) / now.total;
    said.textContent = `${mega(now.loaded)} / ${mega(now.total)}MB`;
  });
  request.addEventListener("load", () => {
    if (request.status < 400) {
      location.assign(request.responseURL);
      return;
    }
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const fault = page.querySelector(".notice.bad:not([hidden])") ?? page.querySelector("main");
    stopped(fault ? fault.textContent.trim() : "受け取れませんでした。画面を読み込み直して、もう一度選んでください。");
  });
  request.addEventListener("error", () => stopped("送れませんでした。ネットワークと、ファイルをほかのソフトで開いていないかを確かめて、もう一度押してください。"));
  request.open("POST", form.action);
  request.send(new FormData(form));
  button.disabled = true;
  sending.hidden = false;
});
