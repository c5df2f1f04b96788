# syntax=docker/dockerfile:1
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -X main.release=${VERSION}" -o /out/anning ./cmd/anning \
 && mkdir -m 0700 /out/data

# Nothing but the program (time zones are inside it), certificates and an empty data folder.
FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /usr/share/zoneinfo/Asia/Shanghai /usr/share/zoneinfo/Asia/Shanghai
COPY --from=build /out/anning /anning
COPY --from=build --chown=10001:10001 /out/data /data
USER 10001:10001
ENV ANNING_DATA=/data WEB_ADDR=:8080 TELEGRAM_ADDR=:8081 WECHAT_ADDR=:8082 METRICS_ADDR=:9090 LOG_FORMAT=json
VOLUME /data
EXPOSE 8080 8081 8082
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["/anning", "health"]
ENTRYPOINT ["/anning"]
