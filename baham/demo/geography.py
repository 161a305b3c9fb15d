"""The map of Sarvan: drawn by hand, in the middle of an ocean, so that nobody takes it for a country that exists.

Rings are lists of (longitude, latitude), as in GeoJSON; neighbours share their points.
"""

from dataclasses import dataclass
from typing import Any

Ring = tuple[tuple[float, float], ...]

_KOHSAR = (
    (-22.5, -1.77),
    (-22.36, -1.73),
    (-22.23, -1.68),
    (-21.95, -1.6),
    (-21.25, -1.45),
    (-21.11, -1.44),
    (-20.4, -1.35),
    (-20.25, -1.38),
    (-20.11, -1.39),
    (-19.73, -1.48),
    (-19.19, -1.56),
    (-19.06, -1.54),
    (-18.79, -1.51),
    (-18.51, -1.54),
    (-18.25, -1.59),
    (-18.12, -1.65),
    (-18.2, -1.9),
    (-18.24, -2.41),
    (-18.24, -2.66),
    (-18.2, -3.05),
    (-18.26, -3.44),
    (-18.27, -3.56),
    (-18.31, -3.69),
    (-18.46, -3.67),
    (-19.05, -3.5),
    (-19.36, -3.49),
    (-19.51, -3.49),
    (-20.57, -3.54),
    (-20.73, -3.56),
    (-20.84, -3.45),
    (-21.04, -3.21),
    (-21.26, -2.99),
    (-21.44, -2.71),
    (-21.55, -2.6),
    (-22.26, -1.99),
    (-22.39, -1.89),
)
_NILGAR = (
    (-18.12, -1.65),
    (-18, -1.73),
    (-17.86, -1.79),
    (-17.73, -1.82),
    (-17.29, -1.86),
    (-17.14, -1.86),
    (-16.73, -2.02),
    (-16.38, -2.27),
    (-16.25, -2.35),
    (-16, -2.5),
    (-15.7, -2.95),
    (-15.47, -3.88),
    (-15.31, -4.39),
    (-15.25, -4.5),
    (-15.41, -4.54),
    (-15.85, -4.75),
    (-16.75, -5.1),
    (-17.21, -5.29),
    (-17.54, -5.34),
    (-17.69, -5.4),
    (-17.75, -5.3),
    (-17.94, -5.01),
    (-18.02, -4.67),
    (-18.07, -4.58),
    (-18.29, -3.8),
    (-18.31, -3.69),
    (-18.27, -3.56),
    (-18.26, -3.44),
    (-18.2, -3.05),
    (-18.24, -2.66),
    (-18.24, -2.41),
    (-18.2, -1.9),
)
_DARYAB = (
    (-22.5, -1.77),
    (-22.39, -1.89),
    (-22.26, -1.99),
    (-21.55, -2.6),
    (-21.44, -2.71),
    (-21.26, -2.99),
    (-21.04, -3.21),
    (-20.84, -3.45),
    (-20.73, -3.56),
    (-20.64, -3.65),
    (-20.59, -3.76),
    (-20.49, -4.11),
    (-20.45, -4.35),
    (-20.41, -4.59),
    (-20.4, -4.7),
    (-20.3, -5.05),
    (-20.29, -5.16),
    (-20.25, -5.28),
    (-20.25, -5.4),
    (-20.4, -5.46),
    (-20.85, -5.65),
    (-22.69, -6.25),
    (-22.76, -6.12),
    (-22.99, -5.61),
    (-23.06, -5.49),
    (-23.06, -5.34),
    (-23.18, -5.08),
    (-23.21, -4.94),
    (-23.07, -3.42),
    (-22.9, -3.15),
    (-22.68, -2.23),
    (-22.59, -1.91),
)
_MARKAZ = (
    (-20.73, -3.56),
    (-20.57, -3.54),
    (-19.51, -3.49),
    (-19.36, -3.49),
    (-19.05, -3.5),
    (-18.46, -3.67),
    (-18.31, -3.69),
    (-18.29, -3.8),
    (-18.07, -4.58),
    (-18.02, -4.67),
    (-17.94, -5.01),
    (-17.75, -5.3),
    (-17.69, -5.4),
    (-17.85, -5.42),
    (-18.49, -5.41),
    (-19.29, -5.46),
    (-19.61, -5.49),
    (-20.09, -5.38),
    (-20.25, -5.4),
    (-20.25, -5.28),
    (-20.29, -5.16),
    (-20.3, -5.05),
    (-20.4, -4.7),
    (-20.41, -4.59),
    (-20.45, -4.35),
    (-20.49, -4.11),
    (-20.59, -3.76),
    (-20.64, -3.65),
)
_SAHRAN = (
    (-17.69, -5.4),
    (-17.54, -5.34),
    (-17.21, -5.29),
    (-16.75, -5.1),
    (-15.85, -4.75),
    (-15.41, -4.54),
    (-15.25, -4.5),
    (-15.31, -4.61),
    (-15.39, -4.71),
    (-15.75, -5.65),
    (-15.78, -5.78),
    (-15.89, -6.26),
    (-16.07, -6.42),
    (-16.2, -6.5),
    (-16.88, -6.72),
    (-16.98, -6.83),
    (-17.11, -6.89),
    (-17.89, -7.22),
    (-18, -7.31),
    (-17.91, -7.09),
    (-17.86, -6.84),
    (-17.88, -6.22),
    (-17.84, -6.11),
    (-17.81, -5.99),
    (-17.77, -5.88),
    (-17.73, -5.51),
)
_TALKH = (
    (-22.69, -6.25),
    (-20.85, -5.65),
    (-20.4, -5.46),
    (-20.25, -5.4),
    (-20.09, -5.38),
    (-19.61, -5.49),
    (-19.29, -5.46),
    (-18.49, -5.41),
    (-17.85, -5.42),
    (-17.69, -5.4),
    (-17.73, -5.51),
    (-17.77, -5.88),
    (-17.81, -5.99),
    (-17.84, -6.11),
    (-17.88, -6.22),
    (-17.86, -6.84),
    (-17.91, -7.09),
    (-18, -7.31),
    (-18.16, -7.31),
    (-18.31, -7.29),
    (-18.91, -7.44),
    (-19.38, -7.42),
    (-19.54, -7.41),
    (-20.59, -7.21),
    (-20.75, -7.2),
    (-21.21, -7.09),
    (-21.49, -6.96),
    (-21.9, -6.75),
    (-22.16, -6.59),
    (-22.56, -6.34),
)
_RUDABAR = (
    (-20.25, -2.48),
    (-20.12, -2.54),
    (-20.01, -2.64),
    (-19.38, -3.23),
    (-19.14, -3.41),
    (-19, -3.45),
    (-18.75, -3.6),
    (-18.6, -3.65),
    (-18.46, -3.66),
    (-18.31, -3.69),
    (-18.46, -3.67),
    (-19.05, -3.5),
    (-19.36, -3.49),
    (-19.51, -3.49),
    (-20.57, -3.54),
    (-20.73, -3.56),
    (-20.7, -3.49),
    (-20.68, -3.42),
    (-20.36, -2.84),
    (-20.31, -2.69),
    (-20.27, -2.62),
    (-20.25, -2.55),
)
_TORSANG = (
    (-22.5, -1.77),
    (-22.36, -1.73),
    (-22.23, -1.68),
    (-21.95, -1.6),
    (-21.25, -1.45),
    (-21.11, -1.44),
    (-20.4, -1.35),
    (-20.25, -1.38),
    (-20.25, -1.45),
    (-20.26, -1.59),
    (-20.26, -1.79),
    (-20.23, -2.12),
    (-20.24, -2.26),
    (-20.25, -2.4),
    (-20.25, -2.48),
    (-20.4, -2.44),
    (-20.7, -2.4),
    (-20.99, -2.36),
    (-21.12, -2.33),
    (-21.54, -2.16),
    (-22.36, -1.84),
)


@dataclass(frozen=True, slots=True)
class Area:
    """A province, or a district inside one (`within`); `label` is where its name is written."""

    name: str
    name_local: str
    ring: Ring
    label: tuple[float, float]
    capital: str = ""
    within: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A place, what it is, and how well it is known where it lies: `exact`, or somewhere within `near_km`.

    `label` is the side on which the map writes its name.
    """

    name: str
    name_local: str
    kind: str
    province: str
    at: tuple[float, float]
    near_km: int = 0
    label: str = "below"

    @property
    def precision(self) -> str:
        return "near" if self.near_km else "exact"


PROVINCES = (
    Area("Kohsar", "کوہسار", _KOHSAR, (-19.06, -2.15), "Rudabar"),
    Area("Daryab", "دریاب", _DARYAB, (-21.94, -4.13), "Lower Daryab"),
    Area("Nilgar", "نیلگر", _NILGAR, (-16.63, -3.69), "Nilkot"),
    Area("Markaz", "مرکز", _MARKAZ, (-19.28, -4.56), "Markaz City"),
    Area("Talkh", "تلخ", _TALKH, (-20.25, -6.44), "Talkhvar"),
    Area("Sahran", "صحران", _SAHRAN, (-16.63, -5.9), "Regvar"),
)
DISTRICTS = (
    Area("Torsang", "تورسنگ", _TORSANG, (-21.9, -1.82), "Torsang", "Kohsar"),
    Area("Rudabar", "رودابار", _RUDABAR, (-19.95, -3.33), "Rudabar", "Kohsar"),
)
PLACES = (
    Place("Rudabar", "رودابار", "town", "Kohsar", (-19.75, -3.3), label="above"),
    Place("Torsang", "تورسنگ", "border post", "Kohsar", (-21.2, -1.62)),
    Place("Tirgah", "تیرگاہ", "village", "Kohsar", (-19.0, -2.6), 10),
    Place("Lower Daryab", "زیریں دریاب", "town", "Daryab", (-21.38, -3.25)),
    Place("Daryab Port", "بندرِ دریاب", "port", "Daryab", (-23.1, -4.85), label="after"),
    Place("Pulkand", "پلکند", "village", "Daryab", (-22.0, -5.2), 8),
    Place("Sang Pul", "سنگ پل", "bridge", "Nilgar", (-17.35, -4.28), 10),
    Place("Nilkot", "نیلکوٹ", "town", "Nilgar", (-17.0, -2.9)),
    Place("Markaz City", "شہرِ مرکز", "capital", "Markaz", (-19.2, -5.05)),
    Place("Bazar Road", "بازار روڈ", "street", "Markaz", (-18.75, -4.85), label="above"),
    Place("Talkhvar", "تلخوار", "town", "Talkh", (-20.88, -6.0)),
    Place("Shorvar", "شوروار", "village", "Talkh", (-19.4, -6.65), 12),
    Place("Regvar", "ریگوار", "town", "Sahran", (-17.3, -5.95), 15),
)
VARAND = ("Darvan", "Ashkaval", "Tirkand", "Zolvar", "Mehvand")
"""Towns of the partner country, which has no map: of Varand this world knows the names alone."""

_UNIT_KM = 111.0


def as_geojson() -> dict[str, Any]:
    """The whole map as a GeoJSON FeatureCollection: provinces, districts, places."""
    areas = [
        _feature(
            "Polygon",
            [[*map(list, area.ring), list(area.ring[0])]],
            name=area.name,
            name_local=area.name_local,
            kind="district" if area.within else "province",
            within=area.within or "Sarvan",
        )
        for area in PROVINCES + DISTRICTS
    ]
    points = [
        _feature(
            "Point",
            list(place.at),
            name=place.name,
            name_local=place.name_local,
            kind=place.kind,
            within=place.province,
            precision=place.precision,
            near_km=place.near_km,
        )
        for place in PLACES
    ]
    return {"type": "FeatureCollection", "features": areas + points}


def _feature(geometry: str, coordinates: list[Any], **facts: object) -> dict[str, Any]:
    return {"type": "Feature", "properties": facts, "geometry": {"type": geometry, "coordinates": coordinates}}


class Sheet:
    """The map laid on a sheet of paper: 80 units a degree, north up; close to the equator that is true to scale."""

    units = 80
    west, north = -24.0, -1.0
    box = "30 8 690 520"
    hundred_km = round(100 / _UNIT_KM * units)

    def x(self, longitude: float) -> float:
        return round((longitude - self.west) * self.units, 1)

    def y(self, latitude: float) -> float:
        return round((self.north - latitude) * self.units, 1)

    def path(self, ring: Ring) -> str:
        """The ring as the `d` of an SVG path."""
        return "M" + "L".join(f"{self.x(lon):g} {self.y(lat):g}" for lon, lat in ring) + "Z"

    def radius(self, km: int) -> float:
        return round(km / _UNIT_KM * self.units, 1)
