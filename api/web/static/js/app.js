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
const restore = () => {
  if (!focusAfter) return;
  document.getElementById(focusAfter)?.focus();
  focusAfter = null;
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
