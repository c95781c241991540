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

# Nobody in particular. It writes to disk only with THROUGHLINE_STORE=disk, and only here: mount a
# volume, or a restart finds an empty folder and reads the whole changelog again.
RUN install -d -o 10001 -g 10001 /var/lib/throughline
ENV THROUGHLINE_STORE_DIR=/var/lib/throughline
USER 10001
ENTRYPOINT ["throughline"]
