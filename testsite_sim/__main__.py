"""`python -m testsite_sim`: the command line."""

from testsite_sim.cli import start

if __name__ == "__main__":
    start()
