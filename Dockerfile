# testsite-sim in a container:  docker build -t testsite-sim . && docker run --rm -v "$PWD:/work" testsite-sim list
FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE DATA_LICENSES.md ./
COPY testsite_sim testsite_sim
COPY kernels kernels
COPY configs configs
COPY scenarios scenarios
COPY tools/compile_at_installation.py tools/
# Kernels are compiled here, once: a run in a new container starts at once.
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.13-slim
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels pip install --no-cache-dir /wheels/*.whl
RUN useradd --create-home runner && mkdir /work && chown runner /work
# Whoever `--user` names has a home to write kernels and fonts into; which fonts there are is looked up once, here.
ENV HOME=/home/runner
RUN python -c "import matplotlib.font_manager" && chmod -R a+rwX "$HOME"
USER runner
WORKDIR /work
ENTRYPOINT ["testsite-sim"]
CMD ["--help"]
