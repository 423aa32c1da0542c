"""The baseline of bench_duplicates: a Splink model of the same fields, on the same blocks, as its guide builds one."""

import logging
import time
from dataclasses import dataclass

import duckdb
import numpy as np
import splink.comparison_level_library as level
import splink.comparison_library as compare
from numpy.typing import NDArray
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

BLOCKS = [
    ("id_no",),
    ("sounds", "birth"),
    ("sounds", "phone"),
    ("sounds", "door"),
    ("birth", "door"),
    ("phone", "door"),
    ("phone", "birth"),
    ("name", "substr(cast(birth as varchar), 6)"),
]
"""The keys of `duplicates_arrays._blocks`, but that of swapped day and month, which Splink cannot write as columns."""


@dataclass(frozen=True)
class SplinkRun:
    """Pairs (lower place first), the likeliest first, with their probabilities; and seconds; `cores` is the core time
    of predicting.
    """

    pairs: list[tuple[int, int]]
    probabilities: NDArray[np.float64]
    training: float
    predicting: float
    cores: float


def _settings() -> SettingsCreator:
    name = compare.CustomComparison(
        output_column_name="name",
        comparison_levels=[
            level.NullLevel("name"),
            level.ExactMatchLevel("name", term_frequency_adjustments=True),
            level.ExactMatchLevel("sounds"),
            level.DamerauLevenshteinLevel("name", 1),
            level.ElseLevel(),
        ],
    )
    birth = compare.DateOfBirthComparison(
        "birth", input_is_string=False, datetime_thresholds=[2, 1], datetime_metrics=["month", "year"]
    )
    home = compare.CustomComparison(
        output_column_name="home",
        comparison_levels=[
            level.NullLevel("door"),
            level.ExactMatchLevel("household"),
            level.ExactMatchLevel("door"),
            level.ElseLevel(),
        ],
    )
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            compare.DamerauLevenshteinAtThresholds("id_no", [1]),
            name,
            birth,
            compare.DamerauLevenshteinAtThresholds("phone", [1]),
            home,
            compare.ExactMatch("sex"),
        ],
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in BLOCKS],
        retain_matching_columns=False,
    )


def run_splink(connection: duckdb.DuckDBPyConnection, seed: int) -> SplinkRun:
    """Train on the table `town` and score every pair that shares a block."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI(connection)
    linker = Linker(api.register("town"), _settings(), log_level=logging.ERROR)
    began = time.perf_counter()
    # Splink's own advice: the prior from rules that are surely right, u from random pairs, m by EM on two blocks.
    linker.training.estimate_probability_two_random_records_match([block_on("id_no")], recall=0.7)
    linker.training.estimate_u_using_random_sampling(seed=seed)
    for columns in (("sounds", "birth"), ("id_no",)):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*columns))
    trained, busy = time.perf_counter(), time.process_time()
    predicted = linker.inference.predict()
    done, cores = time.perf_counter(), time.process_time() - busy
    table = predicted.physical_name
    rows = connection.execute(
        "SELECT least(unique_id_l, unique_id_r) AS l, greatest(unique_id_l, unique_id_r) AS r, match_probability AS p "
        f"FROM {table} ORDER BY p DESC, l, r"
    ).fetchnumpy()
    pairs = list(zip(rows["l"].tolist(), rows["r"].tolist(), strict=True))
    return SplinkRun(pairs, np.asarray(rows["p"]), trained - began, done - trained, cores)
