"""Keep today's figures as the golden ones: `python3 run.py test --renew-golden`.

Only for a change that is meant to move results: its entry in CHANGELOG.md must then say "results change: yes", and why.
Look at the difference of figures.csv before you commit it; a metric that has no cause to move and moved is a defect.
"""

from tests.golden.figures import KEPT, figures, keep


def main() -> None:
    """Run the small study and write its figures."""
    keep(figures())
    print(f"{KEPT.name} · CHANGELOG.md: results change: yes")


if __name__ == "__main__":
    main()
