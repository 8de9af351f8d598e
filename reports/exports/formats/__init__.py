"""One file for each export format (see ``reports.exports.exporter``)."""
