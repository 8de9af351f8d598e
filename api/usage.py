"""Wrong usage of the command line, told in Japanese."""

from typing import Any

_KINDS = {"argument": "引数", "option": "オプション", "parameter": "引数"}


def usage_message(error: Any) -> str:  # noqa: ANN401 - Typer keeps its error classes private
    """What was wrong and what to type, from an error of the command-line parser."""
    name = type(error).__name__
    sentence = _SENTENCES.get(name, _other)(error)
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "tsunagu"
    return f"{sentence}\n使い方は {path} --help で見られます。"


def _missing(error: Any) -> str:  # noqa: ANN401
    kind = _KINDS.get(getattr(error, "param_type", None) or _param_type(error), "引数")
    return f"{kind}「{_hint(error)}」が足りません。指定して、もう一度実行してください。"


def _no_option(error: Any) -> str:  # noqa: ANN401
    near = "、".join(getattr(error, "possibilities", None) or ())
    advice = f"もしかして：{near}。" if near else "つづりを確かめてください。"
    return f"オプション「{error.option_name}」はありません。{advice}"


def _bad_value(error: Any) -> str:  # noqa: ANN401
    choices = getattr(getattr(getattr(error, "param", None), "type", None), "choices", None)
    if choices:
        named = "、".join(str(getattr(c, "value", c)) for c in choices)
        return f"「{_hint(error)}」の値が使えません。次から選んでください：{named}。"
    return f"「{_hint(error)}」の値が使えません。数や日付の書き方を確かめてください。"


def _option_usage(error: Any) -> str:  # noqa: ANN401
    return f"オプション「{error.option_name}」の書き方がちがいます。値を一つ続けて書いてください。"


def _other(error: Any) -> str:  # noqa: ANN401
    text = str(getattr(error, "message", ""))
    if text.startswith("No such command"):
        return f"命令「{text.split(chr(39))[1]}」はありません。つづりを確かめてください。"
    if text.startswith("Got unexpected extra argument"):
        extra = text.partition("(")[2].rstrip(").")
        return f"余分な引数があります（{extra}）。空白を含む名前は引用符で囲んでください。"
    return "命令の書き方がちがいます。"


def _hint(error: Any) -> str:  # noqa: ANN401
    param = getattr(error, "param", None)
    if param is None:
        return str(getattr(error, "param_hint", None) or "値")
    if param.param_type_name == "option":
        return str(param.opts[-1])
    return str(param.metavar or param.name or "値")


def _param_type(error: Any) -> str:  # noqa: ANN401
    return str(getattr(getattr(error, "param", None), "param_type_name", "argument"))


_SENTENCES = {
    "MissingParameter": _missing,
    "NoSuchOption": _no_option,
    "BadParameter": _bad_value,
    "BadOptionUsage": _option_usage,
}
