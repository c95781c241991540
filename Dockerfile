# The worker and every command, from the same locked set as make setup.
FROM python:3.12-slim-bookworm

WORKDIR /app
COPY requirements/runtime.txt requirements/runtime.txt
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes \
        -r requirements/runtime.txt

COPY pyproject.toml LICENSE ./
COPY schemas schemas
COPY streams streams
RUN pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

# Nobody in particular: it writes nothing to disk.
USER 10001
ENTRYPOINT ["throughline"]
