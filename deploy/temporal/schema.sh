#!/bin/sh
# Makes Temporal's two databases, or brings them up to this version. Safe to run again: a database that is
# there is left alone, and a schema is only ever raised.
# Environment: SQL_HOST, SQL_USER, SQL_PASSWORD (read by temporal-sql-tool itself).
set -eu

raise() {
  database=$1
  versions=/etc/temporal/schema/postgresql/v12/$2/versioned
  set -- --plugin postgres12 --ep "$SQL_HOST" -p 5432 -u "$SQL_USER" --db "$database"
  temporal-sql-tool "$@" create
  temporal-sql-tool "$@" setup-schema -v 0.0
  temporal-sql-tool "$@" update-schema -d "$versions"
  echo "schema of $database is up to date"
}

raise temporal temporal
raise temporal_visibility visibility
