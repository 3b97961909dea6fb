#!/bin/sh
# Runs the checks of a change in the user's own image. Needs sh with its builtins (kill, printf, read), and cat, cp, date, find, head, mkdir, mv,
# rm, sleep, tail, tar.
#
# CODYBATCH_BASE_DIR     read-only, made by clone: base.tar, the tracked files; checks/<name>, one script for each check; setup, perhaps.
#                        Such a script sets `seconds` and `adopting`, and defines `perform` and `adopts`.
# CODYBATCH_MAILBOX_DIR  shared with the agent, flat files: request and request.tar come in, boot, result, result.output and result.tar go out.
# CODYBATCH_TOOLBOX_DIR  its own: tree, home, tmp, state.
#
# A request is lines: `id <word>`, `boot <word>`, `tree fresh|kept`, `check <name>`, `clear <path>` (gone before the tracked files are laid),
# `delete <path>` (gone after). Paths are as printf %b reads them. It names a check; what that runs stands in the base folder alone.
set -u
umask 022

base=${CODYBATCH_BASE_DIR:?} mailbox=${CODYBATCH_MAILBOX_DIR:?} toolbox=${CODYBATCH_TOOLBOX_DIR:?}
tree=$toolbox/tree state=$toolbox/state
HOME=$toolbox/home TMPDIR=$toolbox/tmp CI=${CI:-1}
export HOME TMPDIR CI

half=262144         # bytes kept of the head of an output, and of its tail
most_output=67108864 # a command that writes more is ended: a full volume would end the whole pod
most_adopted=1048576 # bytes of one file that is handed back
watcher='' laid=no boot='' generation=0

# An end by signal must be quick, also while a check runs: hence `wait`, which a trap interrupts.
trap 'end_all; exit 0' TERM INT HUP

new_boot() {
  read -r boot </proc/sys/kernel/random/uuid 2>/dev/null || boot=$$-$(date +%s)
}

# As the first process of a container it can end everything beside itself at once. As a plain process that would be everything its user runs,
# so only what carries the mark in its environment is ended.
end_all() {
  if [ -n "$watcher" ]; then kill -KILL "$watcher" 2>/dev/null; fi
  watcher=''
  end_others
}

end_others() {
  if [ "$$" -eq 1 ]; then
    kill -KILL -1 2>/dev/null
    return 0
  fi
  rounds=0
  while [ "$rounds" -lt 20 ] && any_marked && end_marked; do rounds=$((rounds + 1)); done
}

# Mostly there is none, and a look at each process alone is dear: the shell reads byte by byte.
any_marked() {
  case $(cat /proc/[0-9]*/environ) in *"CODYBATCH_CHECK_OF=$boot"*) return 0 ;; esac 2>/dev/null
  return 1
}

# True when there was one. A process that is on its way out still counts, so that what it started last is seen too.
end_marked() {
  found=1
  for folder in /proc/[0-9]*; do
    if marked "$folder/environ" && kill -KILL "${folder#/proc/}" 2>/dev/null; then found=0; fi
  done
  return "$found"
}

marked() {
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in *"CODYBATCH_CHECK_OF=$boot"*) return 0 ;; esac
  done 2>/dev/null <"$1"
  return 1
}

# Puts standard input into the mailbox as a whole, whatever a command left under the names.
publish() {
  rm -rf "$mailbox/$1" "$mailbox/$1.new"
  cat >"$mailbox/$1.new" && mv "$mailbox/$1.new" "$mailbox/$1"
}

nap() {
  sleep 0.2 2>/dev/null || sleep 1
}

lacking() {
  for tool in cat cp date find head mkdir mv rm sleep tail tar; do
    command -v "$tool" >/dev/null 2>&1 || printf ' %s' "$tool"
  done
}

# The x keeps a newline at the end of a name, which the substitution would take away.
remove() {
  path=$(printf '%bx' "$1")
  [ "$path" = x ] || rm -rf "$tree/${path%x}"
}

remove_all() {
  while IFS= read -r line; do
    case $line in "$1 "*) remove "${line#* }" ;; esac
  done <"$state/request"
}

# Tracked files as in the base, then the change over them. What else lies in the tree stays, such as installed dependencies.
overlay() {
  remove_all clear
  tar -xmof "$base/base.tar" -C "$tree" || return 1
  remove_all delete
  [ ! -f "$state/request.tar" ] || tar -xmof "$state/request.tar" -C "$tree"
}

# A command may have made folders that cannot be emptied; those are only moved away.
lay_fresh() {
  laid=no
  generation=$((generation + 1))
  if [ -e "$tree" ] || [ -L "$tree" ]; then mv "$tree" "$toolbox/old-$boot-$generation" || return 1; fi
  rm -rf "$toolbox"/old-* 2>/dev/null
  mkdir "$tree" && overlay || return 1
  [ -f "$base/setup" ] || { laid=yes; return 0; }
  run "$base/setup"
  if [ "$ended" = exit ] && [ "$code" -eq 0 ]; then laid=yes; return 0; fi
  ended=setup
  return 1
}

lay() {
  ended=restore code=1
  if [ "$1" = kept ] && [ "$laid" = yes ] && overlay >"$state/output" 2>&1; then return 0; fi
  lay_fresh 2>>"$state/output"
}

# Runs in the background until the time is over or too much was written, and then ends the command.
watch() {
  until=$(($(date +%s) + $1))
  while :; do
    sleep 1
    if [ "$(date +%s)" -ge "$until" ]; then why=time; break; fi
    if [ -n "$(find "$state/output" -size "+${most_output}c" 2>/dev/null)" ]; then why=output; break; fi
  done
  printf '%s\n' "$why" >"$state/why"
  end_others
}

# What is written after it looks younger than the mark also to a find that counts whole seconds, as busybox does.
next_second() {
  mark=$(date +%s)
  while [ "$(date +%s)" -le "$mark" ]; do nap; done
}

# Sets `ended` to exit, time or output, and `code`.
run() {
  . "$1"
  rm -rf "$state/why" "$state/output"
  : >"$state/began"
  [ "$adopting" = no ] || next_second
  since=$(date +%s)
  (
    trap - TERM INT HUP QUIT
    cd "$tree" || exit 126
    CODYBATCH_CHECK_OF=$boot
    export CODYBATCH_CHECK_OF
    unset CODYBATCH_BASE_DIR CODYBATCH_MAILBOX_DIR CODYBATCH_TOOLBOX_DIR
    perform
  ) </dev/null >"$state/output" 2>&1 &
  command=$!
  watch "$seconds" </dev/null >/dev/null 2>&1 &
  watcher=$!
  # A signal to the shell itself would end it by the trap; one to the command gives the code.
  wait "$command" 2>/dev/null
  code=$?
  took=$(($(date +%s) - since))
  end_all
  ended=exit
  if [ -f "$state/why" ]; then read -r ended <"$state/why"; fi
}

# Head and tail of what was written. A command may have put something else in its place.
shorten() {
  if [ -L "$state/output" ] || [ ! -f "$state/output" ]; then return 0; fi
  if [ -z "$(find "$state/output" -size "+$((half * 2))c")" ]; then
    cat "$state/output"
  else
    head -c "$half" "$state/output"
    printf '\n[the middle of the output is left out]\n'
    tail -c "$half" "$state/output"
  fi
}

# Copies what the command wrote and the check adopts. The agent reads it with suspicion; this choice only keeps it small.
collect() {
  rm -rf "$state/adopted"
  mkdir "$state/adopted"
  (
    cd "$tree" && find . -type f -newer "$state/began" ! -size "+${most_adopted}c" -exec sh -c '
      . "$0"; into=$1; shift
      for path do
        adopts "${path#./}" || continue
        mkdir -p "$into/${path%/*}" && cp "$path" "$into/$path"
      done' "$1" "$state/adopted" {} +
  )
  tar -cf "$state/adopted.tar" -C "$state/adopted" . && publish result.tar <"$state/adopted.tar"
}

# True when there is a request for this boot; sets its words. A name is all that it can choose.
take() {
  [ -f "$mailbox/request" ] || return 1
  rm -rf "$state"
  mkdir -p "$state" "$HOME" "$TMPDIR"
  mv "$mailbox/request" "$state/request" || return 1
  id='' for_boot='' how=kept name=''
  while IFS= read -r line; do
    case $line in
      "id "*) id=${line#id } ;;
      "boot "*) for_boot=${line#boot } ;;
      "tree "*) how=${line#tree } ;;
      "check "*) name=${line#check } ;;
    esac
  done <"$state/request"
  if [ -f "$mailbox/request.tar" ]; then mv "$mailbox/request.tar" "$state/request.tar" || return 1; fi
  [ "$for_boot" = "$boot" ]
}

known() {
  case $name in '' | *[!a-z0-9-]*) return 1 ;; esac
  [ -f "$base/checks/$name" ]
}

answer() {
  ended=unknown code=1 took=0 adopting=no
  if known && lay "$how"; then
    run "$base/checks/$name"
    [ "$adopting" = no ] || collect "$base/checks/$name"
  fi
  shorten | publish result.output
  printf 'id %s\nboot %s\ncheck %s\nended %s\ncode %s\nseconds %s\n' "$id" "$boot" "$name" "$ended" "$code" "$took" |
    publish result
  rm -rf "$TMPDIR" 2>/dev/null
}

main() {
  new_boot
  lacks=$(lacking)
  if [ -n "$lacks" ]; then
    printf 'boot %s\nlacks%s\n' "$boot" "$lacks" >"$mailbox/boot"
    while :; do sleep 3600 & wait $!; done
  fi
  rm -rf "$mailbox/result" "$mailbox/result.output" "$mailbox/result.tar"
  printf 'boot %s\nready\n' "$boot" | publish boot
  while :; do
    if take; then answer; else nap; fi
  done
}

main
