/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "emulator.h"

/* A fast clock stands while this machine has other things to do, or it would run into watchdogs. */
#define MOST_US 250000u

static volatile sig_atomic_t over, off, wanted_speed = 1;

static void
on_signal (int number)
{
  if (number == SIGUSR1)
    wanted_speed = EMULATOR_FAST;
  else if (number == SIGUSR2)
    wanted_speed = 1;
  else if (number == SIGHUP)
    off = !off;
  else
    over = 1;
}

static uint64_t
world_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

static void
map_flash (struct emulator *self)
{
  int file = open (self->flash_path, O_RDWR | O_CLOEXEC);

  if (file < 0)
    err (1, "%s", self->flash_path);
  if (lseek (file, 0, SEEK_END) != (off_t)self->flash_size)
    errx (1, "%s: must have %zu bytes", self->flash_path, self->flash_size);
  self->flash = mmap (NULL, self->flash_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (self->flash == MAP_FAILED)
    err (1, "%s", self->flash_path);
  close (file);
}

static void
listen_on (struct emulator *self, unsigned port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons ((uint16_t)port) };
  int                one = 1;

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  self->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  setsockopt (self->listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind (self->listener, (struct sockaddr *)&address, sizeof address) < 0 ||
      listen (self->listener, 1) < 0)
    err (1, "port %u", port);
}

static void
catch_signals (void)
{
  static const int numbers[] = { SIGTERM, SIGINT, SIGUSR1, SIGUSR2, SIGHUP };
  struct sigaction action = { .sa_handler = on_signal };
  size_t           at;

  for (at = 0; at < sizeof numbers / sizeof *numbers; at++)
    sigaction (numbers[at], &action, NULL);
  signal (SIGPIPE, SIG_IGN);
}

void *
emulator_share (const char *path, void *own, size_t size)
{
  int   file = path == NULL ? -1 : open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  void *shared;

  if (path == NULL)
    return own;
  if (file < 0 || ftruncate (file, (off_t)size) < 0)
    err (1, "%s", path);
  shared = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (shared == MAP_FAILED)
    err (1, "%s", path);
  close (file);
  return shared;
}

static FILE *
open_journal (const char *path)
{
  FILE *file = fopen (path, "we");

  if (file == NULL)
    err (1, "%s", path);
  return file;
}

void
emulator_start (struct emulator *self, int argc, char **argv, size_t flash_size)
{
  static const struct option options[] = {
    { "port", required_argument, NULL, 'p' },      { "flash", required_argument, NULL, 'f' },
    { "cut-after", required_argument, NULL, 'a' }, { "count", required_argument, NULL, 'c' },
    { "journal", required_argument, NULL, 'j' },   { "clock", required_argument, NULL, 'l' },
    { "parts", required_argument, NULL, 's' },     { NULL, 0, NULL, 0 }
  };
  static uint64_t own_clock;
  const char     *clock_path = NULL;
  unsigned        port = 0;
  int             option;

  memset (self, 0, sizeof *self);
  self->cut_after = -1;
  self->client = -1;
  while ((option = getopt_long (argc, argv, "", options, NULL)) != -1)
    if (option == 'p')
      port = (unsigned)strtoul (optarg, NULL, 10);
    else if (option == 'f')
      self->flash_path = optarg;
    else if (option == 'a')
      self->cut_after = strtol (optarg, NULL, 10);
    else if (option == 'c')
      self->count_path = optarg;
    else if (option == 'j')
      self->journal = open_journal (optarg);
    else if (option == 'l')
      clock_path = optarg;
    else if (option == 's')
      self->parts_path = optarg;
    else
      exit (2);
  if (port == 0 || self->flash_path == NULL)
    errx (
      2,
      "usage: %s --port N --flash FILE [--cut-after N] [--count FILE] [--journal FILE] [--clock FILE] [--parts FILE]",
      argv[0]);
  self->flash_size = flash_size;
  map_flash (self);
  self->clock = emulator_share (clock_path, &own_clock, sizeof *self->clock);
  listen_on (self, port);
  catch_signals ();
  self->last_world_us = world_us ();
  self->speed = 1;
}

uint64_t
emulator_us (struct emulator *self)
{
  uint64_t now = world_us (), passed = (now - self->last_world_us) * self->speed;

  self->last_world_us = now;
  self->us += self->speed > 1 && passed > MOST_US ? MOST_US : passed;
  self->speed = (unsigned)wanted_speed;
  *self->clock = self->us;
  return self->us;
}

void
emulator_tick (struct emulator *self, unsigned us)
{
  self->last_world_us = world_us ();
  self->us += us;
  *self->clock = self->us;
}

void
emulator_hold (struct emulator *self, uint64_t us)
{
  if (self->us > us)
    self->us = us;
  *self->clock = self->us;
}

static void
leave (struct emulator *self)
{
  close (self->client);
  self->client = -1;
  self->out_size = 0;
}

static void
flush (struct emulator *self)
{
  size_t sent = 0;

  while (self->client >= 0 && sent < self->out_size)
    {
      ssize_t n = write (self->client, self->out + sent, self->out_size - sent);

      if (n > 0)
        sent += (size_t)n;
      else if (errno != EINTR)
        leave (self);
    }
  self->out_size = 0;
}

void
emulator_poll (struct emulator *self, unsigned wait_us)
{
  struct pollfd   one;
  struct timespec wait = { 0, (long)wait_us * 1000 };
  ssize_t         n;
  int             yes = 1;

  flush (self);
  if (self->taken < self->queued)
    return;
  one.fd = self->client >= 0 ? self->client : self->listener;
  one.events = POLLIN;
  if (ppoll (&one, 1, &wait, NULL) <= 0)
    return;
  if (self->client < 0)
    {
      self->client = accept4 (self->listener, NULL, NULL, SOCK_CLOEXEC);
      setsockopt (self->client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
      return;
    }
  n = read (self->client, self->queue, sizeof self->queue);
  self->taken = 0;
  self->queued = n > 0 ? (size_t)n : 0;
  if (n <= 0)
    leave (self);
}

size_t
emulator_waiting (const struct emulator *self)
{
  return self->queued - self->taken;
}

uint8_t
emulator_take (struct emulator *self)
{
  return self->taken < self->queued ? self->queue[self->taken++] : 0;
}

void
emulator_put (struct emulator *self, uint8_t byte)
{
  self->out[self->out_size++] = byte;
  if (self->out_size == sizeof self->out || byte == 0) /* a frame ends with it */
    flush (self);
}

static void
note (struct emulator *self, size_t offset, const void *torn, const void *whole, size_t size)
{
  const uint32_t head[2] = { (uint32_t)offset, (uint32_t)size };

  if (fwrite (head, sizeof head, 1, self->journal) != 1 ||
      fwrite (torn, size, 1, self->journal) != 1 || fwrite (whole, size, 1, self->journal) != 1 ||
      fflush (self->journal) != 0)
    err (1, "the journal");
}

void
emulator_operation (struct emulator *self,
                    size_t           offset,
                    const void      *torn,
                    const void      *whole,
                    size_t           size)
{
  if (self->cut_after >= 0 && self->operations >= self->cut_after)
    {
      memcpy (self->flash + offset, torn, size);
      exit (emulator_end (self, EMULATOR_CUT));
    }
  self->operations++;
  if (self->journal != NULL)
    note (self, offset, torn, whole, size);
}

bool
emulator_has_power (struct emulator *self)
{
  static const struct timespec a_while = { 0, 2000000 };

  if (off && self->client >= 0)
    leave (self);
  if (off)
    {
      self->queued = self->taken = 0;
      self->us = 0;
    }
  while (off && !over)
    nanosleep (&a_while, NULL);
  return !over;
}

bool
emulator_stops (void)
{
  return over != 0 || off != 0;
}

void
emulator_scramble (void *memory, size_t size)
{
  static uint32_t state = 1;
  uint8_t        *to = memory;

  while (size-- > 0)
    {
      state ^= state << 13;
      state ^= state >> 17;
      state ^= state << 5;
      *to++ = (uint8_t)state;
    }
}

int
emulator_end (struct emulator *self, int status)
{
  FILE *file = self->count_path == NULL ? NULL : fopen (self->count_path, "we");

  flush (self);
  if (self->journal != NULL)
    fclose (self->journal);
  if (file != NULL)
    {
      fprintf (file, "%ld\n", self->operations);
      fclose (file);
    }
  return status;
}
