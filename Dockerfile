# One image for gateway, worker, setup and sandbox; docker-compose.yml says which to run.
# Debian, not Alpine: Temporal's native bridge is built against glibc.
FROM node:22-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# None of the packages needs its install script.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:22-bookworm-slim
# The authorities' certificates, for a Temporal server behind TLS.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
# tsx compiles as it loads, and the worker bundles the workflows at start: the sources are what runs.
COPY package.json tsconfig.json ./
COPY shared shared
COPY activities activities
COPY workflows workflows
COPY services services
COPY deploy deploy
USER node
EXPOSE 3000
CMD ["node", "--import", "tsx", "services/gateway/main.ts"]
