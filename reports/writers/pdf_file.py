"""PDF (tagged, PDF/UA-1): the printed form of the HTML page. Needs the extra ``pdf``."""

import importlib

from graph.errors import InputError
from matching.gaps.report import GapReport
from reports.writer import GapWriter
from reports.writers.html_file import page


def render(report: GapReport) -> bytes:
    """The document; raises InputError where the PDF parts are not installed."""
    try:
        weasyprint = importlib.import_module("weasyprint")
    except (ImportError, OSError) as error:
        raise InputError(
            "PDFを作る部品（WeasyPrintとPango）が入っていません。",
            hint="管理者に入れてもらうか、.html で書き出してブラウザの印刷からPDFにしてください。",
        ) from error
    document = weasyprint.HTML(string=page(report), url_fetcher=_refuse)
    content: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return content


def _refuse(url: str) -> dict[str, object]:
    """Nothing is fetched while a PDF is made."""
    raise ValueError(url)


WRITER = GapWriter(suffix=".pdf", label="PDF", media_type="application/pdf", render=render)
