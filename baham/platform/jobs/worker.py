"""The process that does the jobs: `python -m baham.platform.jobs.worker`, started by `baham serve`."""

from baham.platform.boot import boot, or_one_line


def main() -> None:
    """Close what a crash left open, then work until told to stop."""
    with or_one_line():
        boot()
    from huey.consumer import Consumer

    from baham.platform.jobs.queue import huey, take_up
    from baham.platform.jobs.running import hourly, recover

    recover()
    take_up()
    hourly()  # what fell due while the machine was off
    Consumer(huey, workers=1, periodic=True, initial_delay=0.05, max_delay=0.5).run()


if __name__ == "__main__":
    main()
