"""Run by the tests in a process of its own: what OpenSim's package reads, as JSON."""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np
import opensim


def trc(path: str) -> dict[str, Any]:
    table = opensim.TimeSeriesTableVec3(path)
    flat = table.flatten()  # its matrix lives no longer than it does
    markers = opensim.MarkerData(path)  # what the application reads it with
    return {
        "labels": list(table.getColumnLabels()),
        "t": list(table.getIndependentColumn()),
        "xyz": _plain(flat.getMatrix().to_numpy()),
        "rate": float(table.getTableMetaDataString("DataRate")),
        "units": table.getTableMetaDataString("Units"),
        "application": [markers.getNumFrames(), markers.getNumMarkers(), markers.getDataRate()],
    }


def mot(path: str) -> dict[str, Any]:
    table = opensim.TimeSeriesTable(path)
    storage = opensim.Storage(path)  # what the application reads it with
    rows = [storage.getStateVector(row) for row in range(storage.getSize())]
    width = storage.getColumnLabels().getSize() - 1
    return {
        "labels": list(table.getColumnLabels()),
        "t": list(table.getIndependentColumn()),
        "values": _plain(table.getMatrix().to_numpy()),
        "degrees": storage.isInDegrees(),
        "application": [[row.getData().get(i) for i in range(width)] for row in rows],
    }


def _plain(values: Any) -> list[list[float | None]]:
    return [[None if np.isnan(cell) else float(cell) for cell in row] for row in values]


if __name__ == "__main__":
    opensim.Logger.setLevelString("Off")
    json.dump({"trc": trc(sys.argv[1]), "mot": mot(sys.argv[2])}, sys.stdout)
