#!/usr/bin/env bash
# Everything that must hold, in one run: build (warnings are errors), format, page checks, tests.
# --long runs the fault, fuzz and differential campaigns at full length.
# The last line is "N passed, N failed"; the exit code is not 0 when anything failed or no test ran.
set -uo pipefail
cd "$(dirname "$0")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
[ "${1:-}" = --long ] && export REALTIME_LONG=1
passed=0 failed=0
results=$(mktemp -d) && trap 'rm -rf "$results"' EXIT

say() { printf '\n== %s\n' "$*"; }
# Named once more at the end, where a log that was cut still has them.
failures() {
    node -e 'for (const t of JSON.parse(require("fs").readFileSync(process.argv[1])).results.tests) if (t.status === "failed") console.log(`failed: ${t.name}\n  ${(t.message ?? "").slice(0, 600)}`)' "$1"
}
finish() {
    [ "$failed" -eq 0 ] && [ "$passed" -eq 0 ] && failed=1
    printf '%s passed, %s failed\n' "$passed" "$failed"
    [ "$failed" -eq 0 ]
    exit
}
# A step that must succeed before anything after it makes sense.
must() {
    say "$1"
    shift
    "$@" && return
    failed=$((failed + 1))
    finish
}
# A check that counts as one test.
check() {
    say "$1"
    shift
    if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}
# Adds the counts that a test runner left as "passed failed".
count() {
    local p=0 f=1
    [ -s "$1" ] && read -r p f <"$1"
    passed=$((passed + p)) failed=$((failed + f))
}

# package APT DNF PACMAN BREW: the name of one package in each package manager; the one this machine has is asked.
package() {
    local sudo=''
    [ "$(id -u)" -eq 0 ] || sudo=sudo
    if command -v apt-get >/dev/null; then
        $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$1" >/dev/null
    elif command -v dnf >/dev/null; then
        $sudo dnf install -y -q "$2"
    elif command -v pacman >/dev/null; then
        $sudo pacman -S --noconfirm "$3"
    elif command -v brew >/dev/null; then
        brew install $4
    fi
}

# The tests start a server of their own; only its programs are needed.
ensure_postgres() {
    command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && return
    echo "PostgreSQL is missing: installing it with the machine's package manager."
    package postgresql postgresql-server postgresql postgresql
    command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && return
    echo "Install PostgreSQL 13 or later, with initdb in PATH, and run again." >&2
    return 1
}

ensure_chromium() {
    local found
    found=$(command -v "${REALTIME_CHROMIUM:-chromium}" || command -v chromium-browser || command -v google-chrome) && export REALTIME_CHROMIUM="$found" && return
    echo "Chromium is missing: installing it with the machine's package manager."
    package chromium chromium chromium '--cask chromium'
    found=$(command -v chromium || command -v chromium-browser) && export REALTIME_CHROMIUM="$found" && return
    echo "Install Chromium, or name it with REALTIME_CHROMIUM, and run again." >&2
    return 1
}

unit_tests() {
    tests/bin/Debug/net10.0/Realtime.Tests --show-live-output on --results-directory "$results" --report-xunit-ctrf --report-xunit-ctrf-filename tests.json
    node -e 'const {summary: s} = JSON.parse(require("fs").readFileSync(process.argv[1])).results; console.log(s.passed, s.failed + (s.other ?? 0))' "$results/tests.json" >"$results/tests"
    count "$results/tests"
    failures "$results/tests.json"
}

page_tests() {
    npm --prefix web/app test --silent -- --reporter=default --reporter=json --outputFile="$results/page.json"
    node -e 'const s = JSON.parse(require("fs").readFileSync(process.argv[1])); console.log(s.numPassedTests, s.numFailedTests + (s.numFailedTestSuites && !s.numFailedTests ? 1 : 0))' "$results/page.json" >"$results/page"
    count "$results/page"
}

must "Tools: browser" ensure_chromium
must "Tools: database" ensure_postgres
must "Restore" dotnet restore Realtime.sln --locked-mode
must "Build" dotnet build Realtime.sln --no-restore -v q
check "Format" dotnet format whitespace Realtime.sln --no-restore --verify-no-changes
check "Page types" npm --prefix web/app run check --silent
say "Page tests"
page_tests
say "Tests"
unit_tests
finish
