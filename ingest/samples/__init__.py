"""The fictional sample municipality 「みほん市」 that ships with the product."""

from importlib.resources import files
from pathlib import Path


def sample_folder() -> Path:
    """Folder of the sample: 資源.csv, 連絡先.csv, 区域.geojson, 区域.csv, 施策.csv, cases.jsonl."""
    return Path(str(files("ingest.samples").joinpath("mihon")))
