# Builds the service without torch. The root file system may be read-only: all state is in /data.
#   docker build -t qulaq . && docker run --read-only --tmpfs /tmp -v qulaq:/data -p 8000:8000 qulaq
FROM python:3.12-slim AS build
WORKDIR /src
RUN python -m venv /opt/qulaq
COPY .ci/constraints.txt constraints.txt
COPY pyproject.toml README.md LICENSE ./
COPY models models
COPY service service
COPY training training
RUN /opt/qulaq/bin/pip install --no-cache-dir --constraint constraints.txt ".[postgres]" \
    && /opt/qulaq/bin/python -m compileall -q /opt/qulaq/lib

FROM python:3.12-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin qulaq \
    && install -d -o qulaq -g qulaq /data
COPY --from=build /opt/qulaq /opt/qulaq
ENV PATH=/opt/qulaq/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    QULAQ_HOST=0.0.0.0 \
    QULAQ_PORT=8000 \
    QULAQ_DATA_DIR=/data \
    QULAQ_MODELS_DIR=/data/models
USER qulaq
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=10s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/ready', timeout=2)"]
CMD ["qulaq", "serve"]
