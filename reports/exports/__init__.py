"""Everything out again: the ledger (CSV, Excel), GeoJSON and HSDS, one file each."""
