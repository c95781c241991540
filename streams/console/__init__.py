"""What people watch: one alert in one line, and a live stream on a terminal.

``words`` and ``tally`` are pure; ``view`` draws what the tally says; ``stage`` puts a broker, a
worker and a simulated company on it.
"""
