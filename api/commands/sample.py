"""``tsunagu sample``: where the sample municipality that ships with the product lies."""

from api.commands import Command
from api.terminal import out
from ingest.samples import sample_folder


def run() -> None:
    """Print the folder alone, so that a script can use it."""
    out().print(str(sample_folder()), markup=False, highlight=False, soft_wrap=True)


COMMAND = Command(
    name="sample",
    help="見本の市「みほん市」の台帳・連絡先・区域・施策・相談の置き場所を示します。",
    example="tsunagu sample",
    run=run,
)
