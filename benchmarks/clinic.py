"""The clinic: the proof of the zoo, the doctor's answers there and on healthy runs, what he costs.

    .venv/bin/python benchmarks/clinic.py [--parts zoo healthy riddle callback] [--seeds 5]

Every training is a row in `build/clinic/`, with all numbers of its examination: rows that are there
are not made again, and `--rules-only` makes none, so that changed rules are judged in seconds.
`--anew` forgets the rows of the parts that are asked for. Writes `results/clinic.json`, the numbers
of all examinations in `results/clinic_numbers.json` and, for the package, `proof.json` and
`riddle_tables.json` in `course_utils/clinic`, these only when complete. One thread; CPU seconds.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
from collections import Counter
from pathlib import Path

import harness
from clinic_rows import Rows, examined_gan, examined_patient, models, riddle_row

from course_utils.clinic import ZOO, Options, proof, rules
from course_utils.clinic.zoo import SEED_001_CURES

HERE = Path(__file__).resolve().parent
NUMBERS = HERE / "results" / "clinic_numbers.json"
RIDDLE_SEEDS = 3
TARGETS = {"right": 0.9, "false_alarms": 0.05, "callback": 0.02}


def save_numbers(part: str, rows: dict[str, dict[str, float]]) -> None:
    """Keep the examinations of a part, so that a test can judge them by the rules of its day."""
    names = sorted(set().union(*rows.values()))
    short = {
        label: [float(f"{row[name]:.4g}") if name in row else None for name in names]
        for label, row in rows.items()
    }
    content = {**harness.read(NUMBERS), part: {"names": names, "rows": short}}
    parts = (
        f'"{part}": {{"names": {json.dumps(v["names"])}, "rows": {{\n'
        + ",\n".join(f'"{label}": {json.dumps(row)}' for label, row in v["rows"].items())
        for part, v in content.items()
    )
    NUMBERS.write_text("{" + "}},\n".join(parts) + "}}}\n", encoding="utf-8")


# --- the zoo ----------------------------------------------------------------------------------


def zoo(rows: Rows, seeds: int) -> dict:
    """Train every case and every twin with every seed; write `proof.json`."""
    labels = {}
    for (name, case), side in itertools.product(ZOO.items(), proof.Proof._fields):
        labels.setdefault(getattr(case, side), f"{name} {side}")
    found: dict[Options, list[dict]] = {v: [] for v in (*labels, *SEED_001_CURES.values())}
    for options, seed in itertools.product(found, range(seeds)):
        changes = (f"{k}={v}" for k, (v, _) in options.difference(Options()).items())
        given = (options, seed)
        row = rows.get(*changes, seed, make=lambda given=given: examined_patient(*given))
        if row is not None:
            found[options].append({"seed": seed, **row})
    runs = {options: [_run(row) for row in several] for options, several in found.items()}
    proof.save(runs)
    save_numbers(
        "zoo", {f"{labels[v]} {row['seed']}": row["numbers"] for v in labels for row in found[v]}
    )
    proofs = proof.load()
    cases = {name: _of_case(name, proofs[name]) for name in ZOO}
    print(zoo_table(cases))
    confusion = proof.confusion(proofs)
    healthy = confusion["healthy"]
    right, total = (sum(case[k] for case in cases.values()) for k in ("right", "runs"))
    times = [run.examination_cpu_seconds for several in runs.values() for run in several]
    result = {
        "seeds": seeds,
        "right": right,
        "runs": total,
        "healthy": dict(healthy),
        "called_sick": sum(n for cause, n in healthy.items() if cause not in rules.VERDICTS),
        "examination_cpu_seconds": statistics.median(times),
        "cases": cases,
        "seed001": _of_cures(runs),
    }
    print(f"zoo: {right} of {total} right; healthy: {dict(healthy)}")
    return result


def _run(row: dict) -> proof.Run:
    times = row["cpu_seconds"], row["examination_cpu_seconds"]
    return proof.Run(row["seed"], row["measures"], *proof.judged(row["numbers"]), *times)


def _of_case(name: str, record: proof.Proof) -> dict:
    case = ZOO[name]
    sick, healthy = ([run.measures[case.measure] for run in runs] for runs in record)
    return {
        "measure": case.measure,
        "sick": [min(sick), max(sick)],
        "healthy": [min(healthy), max(healthy)],
        "proved": all(map(case.shows, sick)) and all(map(case.cured, healthy)),
        "right": sum(run.answer in case.causes for run in record.sick),
        "runs": len(record.sick),
        "answers": dict(Counter(run.answer for run in record.sick)),
        "cpu_seconds": statistics.median(run.cpu_seconds for run in record.sick),
    }


def _of_cures(runs: dict[Options, list[proof.Run]]) -> dict:
    names = ("late_d_loss", "late_g_loss", "energy")
    return {
        cure: {name: [run.measures[name] for run in runs[options]] for name in names}
        for cure, options in SEED_001_CURES.items()
        if options in runs
    }


def zoo_table(cases: dict) -> str:
    """The cases as a Markdown table."""
    lines = ["| case | measure | sick | cured | named right | answers | CPU s |"]
    lines.append("|---|---|---|---|---|---|---|")
    for name, case in cases.items():
        sick, healthy = (" … ".join(f"{v:.2g}" for v in case[k]) for k in ("sick", "healthy"))
        answers = ", ".join(f"{cause} {n}" for cause, n in case["answers"].items())
        mark = "" if case["proved"] else " **not proved**"
        lines.append(
            f"| `{name}` | {case['measure']} | {sick} | {healthy}{mark} | {case['right']} of "
            f"{case['runs']} | {answers} | {case['cpu_seconds']:.1f} |"
        )
    return "\n".join(lines)


# --- healthy runs of the lessons' models ------------------------------------------------------


def healthy(rows: Rows, _: int) -> dict:
    """Examine the lessons' models at several ages of their training."""
    found: dict[str, list[dict]] = {}
    examinations: dict[str, dict] = {}
    for name, build, ages, seeds in models():
        gan = None
        for seed in range(seeds):
            for age in ages:

                def make(build=build, seed=seed, age=age):
                    nonlocal gan
                    gan = gan or build()
                    return examined_gan(gan, seed, age)

                row = rows.get(name, seed, age, make=make)
                if row is not None:
                    numbers = examinations[f"{name} {seed} {age}"] = row["numbers"]
                    found.setdefault(name, []).append(
                        {
                            "seed": seed,
                            "age": age,
                            "answer": proof.answer(*proof.judged(numbers, "cross_entropy")),
                            "energy": round(numbers.get("energy", float("nan")), 4),
                            "examination_cpu_seconds": row["examination_cpu_seconds"],
                        }
                    )
    save_numbers("healthy", examinations)
    answers = {name: dict(Counter(v["answer"] for v in several)) for name, several in found.items()}
    every = [row for several in found.values() for row in several]
    called_sick = sum(row["answer"] not in rules.VERDICTS for row in every)
    runs = sum(len({row["seed"] for row in several}) for several in found.values())
    print(json.dumps(answers, indent=1))
    print(f"healthy: {runs} runs, {len(every)} examinations, {called_sick} called sick")
    return {
        "runs": runs,
        "examinations": len(every),
        "called_sick": called_sick,
        "answers": answers,
        "rows": found,
    }


# --- seed 000's riddle, and the callback ------------------------------------------------------


def riddle(rows: Rows, _: int) -> dict:
    """Train every variant with three seeds; write `riddle_tables.json`."""
    from course_utils.clinic.riddle import VARIANTS

    tables = {
        variant: [
            row
            for seed in range(RIDDLE_SEEDS)
            if (row := rows.get(variant, seed, make=lambda v=(variant, seed): riddle_row(*v)))
        ]
        for variant in VARIANTS
    }
    kept = {
        name: [{k: v for k, v in row.items() if k != "key"} for row in several]
        for name, several in tables.items()
    }
    if min(map(len, kept.values())) < RIDDLE_SEEDS:
        raise SystemExit("Rows of the riddle are missing; riddle_tables.json stays as it was.")
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(rows)}" for name, rows in kept.items())
    proof.RIDDLE_FILE.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
    times = [row["cpu_seconds"] for several in kept.values() for row in several]
    return {"cpu_seconds": {"median": statistics.median(times), "sum": sum(times)}}


def callback(rows: Rows, _: int) -> dict:
    """What `EarlyWarning` costs in `fit`, with and without it in turn; see `callback.py`."""
    import callback

    found = {}
    for game in callback.GAMES:
        row = rows.get(game, make=lambda game=game: callback.costs(game))
        if row is not None:
            found[game] = {k: v for k, v in row.items() if k != "key"}
            print(f"{game}: {100 * row['overhead']:.1f} % more CPU, {row['looks']} looks")
    return found


PARTS = {"zoo": zoo, "healthy": healthy, "riddle": riddle, "callback": callback}


def main() -> None:
    """Run the parts that are asked for; the file keeps the former results of the others."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path, default=HERE / "results" / "clinic.json")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--seeds", type=int, default=5, help="of the zoo (default: 5)")
    parser.add_argument("--rules-only", action="store_true", help="make no rows")
    parser.add_argument("--anew", action="store_true", help="forget these parts' rows")
    args = parser.parse_args()
    content = {"command": "benchmarks/clinic.py", "targets": TARGETS, **harness.read(args.json)}
    for name in args.parts:
        machine = harness.machine()
        rows = Rows(name, make=not args.rules_only, anew=args.anew)
        content[name] = {"machine": machine, **PARTS[name](rows, args.seeds)}
        harness.write(args.json, content)


if __name__ == "__main__":
    main()
