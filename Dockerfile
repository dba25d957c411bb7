# syntax=docker/dockerfile:1
# docker build -t teesheet .                        the program
# docker build -t teesheet-sim --target simulator . the simulated booking engines, for trying it out
#
# The newest libraries and certificates of Debian 12 are in it by building it anew: docker build --pull --no-cache
FROM debian:bookworm-slim AS build
RUN find / -xdev -type f -o -type l >/base
WORKDIR /src
COPY tools/packages tools/setup tools/
RUN tools/setup build && rm -rf /var/lib/apt/lists/*
COPY . .
RUN cmake -G Ninja -S . -B /build -DCMAKE_BUILD_TYPE=Release \
    && cmake --build /build --target teesheet teesheet-sim \
    && strip /build/teesheet /build/teesheet-sim \
    && deploy/container/runtime /build/teesheet /base /runtime

FROM debian:bookworm-slim AS simulator
RUN apt-get update && apt-get install -y --no-install-recommends libmicrohttpd12 zlib1g tzdata \
    libcurl4 libcsv3 libpq5 libsqlite3-0 libxml2 && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin
COPY --from=build /build/teesheet-sim /usr/bin/teesheet-sim
USER 65532:65532
ENTRYPOINT ["/usr/bin/teesheet-sim"]

FROM debian:bookworm-slim
LABEL org.opencontainers.image.title="teesheet" \
      org.opencontainers.image.description="collects open golf tee times into SQLite or PostgreSQL" \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /runtime /
COPY --from=build /build/teesheet /usr/bin/teesheet
RUN install -d -o 65532 -g 65532 /data/teesheet
# Without DATABASE_URL: /data/teesheet/teesheet.db. All else can be read-only.
ENV XDG_DATA_HOME=/data
VOLUME /data
USER 65532:65532
# As PID 1 the program handles SIGTERM and leaves no zombies of a health check: no init is needed.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=5s --start-period=5s CMD ["/usr/bin/teesheet", "--version"]
ENTRYPOINT ["/usr/bin/teesheet"]
CMD ["collect"]
