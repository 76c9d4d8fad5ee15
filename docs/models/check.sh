#!/usr/bin/env bash
# Runs every model of this folder and holds its outcome against the table in README.md.
# Needs spin (6.5) and a C compiler. Usage: docs/models/check.sh
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here"/*.pml "$work"
cd "$work"
failed=0

# row <what the table says> <model> <options of spin> <options of the compiler> <options of the run>
row() {
  local what=$1 model=$2 out errors states line
  # shellcheck disable=SC2086
  spin -a $3 "$model" >spin.log 2>&1 || { cat spin.log; exit 2; }
  # shellcheck disable=SC2086
  "${CC:-cc}" -O2 -w $4 -o pan pan.c
  # shellcheck disable=SC2086
  out=$(./pan -m1000000 $5)
  errors=$(sed -n 's/.*errors: \([0-9]*\).*/\1/p' <<<"$out" | tail -n 1)
  states=$(sed -n 's/^ *\([0-9]*\) states, stored.*/\1/p' <<<"$out" | tail -n 1)
  line="| $what | $errors | $states |"
  if grep -qF "$line" "$here/README.md"; then echo "ok   $line"; else
    echo "FAIL $line is not in the table"
    failed=1
  fi
}

row 'login: no origin' login.pml '-DBIND=0' '' '-a'
row 'login: origin, compared with the Host header' login.pml '-DHOSTHDR=1' '' '-a'
row 'login: origin, compared with the configured list' login.pml '' '' '-a'

row 'binding: recipient not signed, no confirmation' binding.pml '-DTOIN=0 -DCONFIRM=0' '' '-E -e -c0'
row 'binding: recipient signed, no confirmation' binding.pml '-DCONFIRM=0' '' '-E -e -c0'
row 'binding: recipient not signed, confirmation' binding.pml '-DTOIN=0' '' '-E -e -c0'
row 'binding: recipient signed, confirmation' binding.pml '' '' '-E -e -c0'

for n in 0 1 2 3; do
  row "session: connected, up to $n lost and $n copied, low tries again" session.pml "-DLOSS=$n -DDUP=$n" '-DSAFETY -DNOCLAIM' ''
  row "session: connected, up to $n lost and $n copied, high tries again" session.pml "-DLOSS=$n -DDUP=$n -DBYL=0 -DBYH=1" '-DSAFETY -DNOCLAIM' ''
done
wild=(
  'connected, up to 2 lost and 2 copied, either tries again#-DLOSS=2 -DDUP=2 -DBYH=1'
  'connected, up to 1 lost and 1 copied, one gives up too early#-DLOSS=1 -DDUP=1 -DEARLY=1 -DBYH=1'
  'connected, up to 1 lost and 1 copied, one page opened anew#-DLOSS=1 -DDUP=1 -DRELOAD=1 -DTRY=3 -DBYH=1'
)
quiet=(
  'connected, up to 1 lost and 1 copied, one falls silent#-DLOSS=1 -DDUP=1 -DSILENT=1 -DTRY=3 -DBYH=1'
  'connected, up to 0 lost and 1 copied, silent twice#-DLOSS=0 -DDUP=1 -DSILENT=2 -DTRY=3 -DBYH=1'
)
for each in "${wild[@]}" "${quiet[@]}"; do row "session: ${each%%#*}" session.pml "${each#*#}" '-DSAFETY -DNOCLAIM' ''; done
for each in "${quiet[@]}"; do
  what=${each%%#*}
  row "session: \`agree\`, ${what#connected, }" session.pml "${each#*#}" '' '-a -N agree'
done
for claim in agree stable silent; do
  for each in "${wild[@]}"; do
    what=${each%%#*}
    row "session: \`$claim\`, ${what#connected, }" session.pml "${each#*#}" '' "-a -N $claim"
  done
done

row 'session without the KNOCK rule at high: `silent`' session.pml '-DBYH=1 -DNO_KNOCK_RULE' '' '-a -N silent'
row 'session, OFFER not counted as KNOCK seen: `silent`' session.pml '-DEARLY=1 -DBYH=1 -DNO_OFFER_SEEN' '' '-a -N silent'
row 'session, KNOCK of the session itself not old at low: `stable`' session.pml '-DBYH=1 -DNO_LED' '' '-a -N stable'
row 'session, nonce of a failed attempt used again: connected' session.pml '-DLOSS=0 -DDUP=0 -DEARLY=1 -DBYH=1 -DNO_SPENT' '-DSAFETY -DNOCLAIM' ''

exit $failed
