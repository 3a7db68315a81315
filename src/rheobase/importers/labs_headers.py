"""Column names of laboratory tables, in English, German, French and Spanish, and what each column holds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rheobase.labs.reading_words import folded

# What a column holds, to the names that it has, folded. "silent" stand beside a result and say nothing of it.
_TABLE = """
code: loinc, loinc code, loinc num, code, test code, observation code, loinc number
name: test, analyte, name, component, test name, analyte name, observation, parameter, lab test,
    test description, investigation, measurement, marker, biomarker, item, lab, description, untersuchung,
    messgrosse, analyt, bezeichnung, laborwert, analyse, examen, parametre, prueba, analisis, determinacion,
    parametro, test_name, result name, observation name
value: value, result, results, current result, test result, result value, observation value,
    current result and flag, your result, your value, measured value, numeric value, calculatedresult, wert,
    ergebnis, messwert, resultat, valeur, valor, resultado, befund, reading
unit: unit, units, uom, unit of measure, result unit, einheit, einheiten, unite, unites, unidad, unidades
range: reference range, reference interval, reference, ref range, ref. range, ref interval, range,
    normal range, reference ranges, expected range, normal values, ref, interval, standard range, normalwert,
    normalwerte, referenzbereich, referenz, normbereich, referenzwert, valeurs de reference,
    intervalle de reference, normes, norme, valores de referencia, rango de referencia, rango,
    intervalo de referencia, referencia
low: low, range low, ref low, reference low, lower limit, rangemin, min, range min, lower, normal low,
    untergrenze, ref min
high: high, range high, ref high, reference high, upper limit, rangemax, max, range max, upper, normal high,
    obergrenze, ref max
flag: flag, flags, abnormal, abnormal flag, abnormal?, interpretation, indicator, status flag, h/l, l/h,
    bewertung, markierung, auffalligkeit, alerte, indicateur, alerta, indicador, out of range
date: date, collected, collection date, collected date, date collected, sample date, test date, drawn, taken,
    date of service, dateofservice, specimen date, collected at, date time, datetime, collection date/time,
    effective date, date/time, result date, observation date, date taken, collection datetime, collected on,
    timestamp, datum, abnahmedatum, entnahmedatum, probenahme, abnahme, entnahme, date de prelevement,
    prelevement, fecha, fecha de toma, fecha de extraccion
time: time, collection time, time collected, sample time, uhrzeit, zeit, heure, hora
specimen: specimen, sample, sample type, specimen type, material, matrix, probe, probenmaterial, echantillon,
    muestra, specimen source
note: note, notes, comment, comments, remark, remarks, kommentar, bemerkung, commentaire, comentario,
    sample comment, specimen comment, qualitative value
id: id, result id, observation id, accession, accession number, uuid, record id
comparator: comparator, operator, sign, qualifier, modifier
silent: age, apellido, birth date, birthdate, category, confidence, date of birth, department, dob, facility, fasting,
    first name, geburtsdatum, gender, geschlecht, group, gruppe, lab name, labor, laboratory, last name, lfd. nr.,
    method, mrn, nachname, no, nom, nombre, nr, order, order id, ordering provider, panel, patient, patient id,
    patient name, patientenname, performed by, physician, prenom, previous, previous result,
    previous result and date, provider, received, report date, reported, reported date, row, section, sex, sexe, sexo,
    site, status, visit, vorname, vorwert
"""


def _columns() -> dict[str, str]:
    """Return each name of a column with what it holds; of two meanings the first counts."""
    found: dict[str, str] = {}
    column = ""
    for line in _TABLE.strip().splitlines():
        said, colon, rest = line.partition(": ")
        column = said if colon else column
        for name in (rest if colon else line).split(","):
            if name.strip():
                found.setdefault(name.strip(), column)
    return found


_OF = _columns()
SILENT = frozenset(name for name, column in _OF.items() if column == "silent")
# Columns that say whose result it is, with what each says of the person.
PEOPLE = {
    **dict.fromkeys(("patient", "patient name", "patientenname", "patient id", "patientid", "subject"), "name"),
    **dict.fromkeys(("mrn", "nhs number", "nachname", "last name", "apellido"), "name"),
    **dict.fromkeys(("date of birth", "dob", "birth date", "birthdate", "geburtsdatum"), "birth date"),
    **dict.fromkeys(("sex", "gender", "geschlecht", "sexe", "sexo"), "sex"),
}
_HEADING = re.compile(r"^(.*\S)\s*[(\[]([^()\[\]]*)[)\]]\s*$")


def column_of(header: str) -> str | None:
    """Return what a column of this name holds, None when the name is not known."""
    column = _OF.get(plain(header))
    return None if column == "silent" else column


def plain(header: str) -> str:
    """Return a column name as it is compared."""
    return folded(header.replace("_", " ").replace("\ufeff", "")).strip(" :*")


def columns_of(header: Sequence[str]) -> dict[str, int]:
    """Return the place of each known column; of two of one kind, the first."""
    found: dict[str, int] = {}
    for at, each in enumerate(header):
        column = column_of(each)
        if column is not None:
            found.setdefault(column, at)
    return found


def name_and_unit(header: str) -> tuple[str, str]:
    """Return the name and the unit of a column such as "Potassium (mmol/L)" or "Mg [mmol/L]"; the unit may be ""."""
    parts = _HEADING.match(header.strip())
    return (parts[1], parts[2]) if parts else (header.strip(), "")
