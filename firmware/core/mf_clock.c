/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mf_clock.h"

#define TOLERANCE_MS 2000u

void
mf_clock_init (struct mf_clock *self, const struct mf_port *port)
{
  self->port = port;
  self->base_utc_ms = 0;
  self->base_monotonic_ms = port->ops->monotonic_ms (port->user);
}

uint64_t
mf_clock_now (const struct mf_clock *self)
{
  const struct mf_port *port = self->port;
  uint64_t              utc_ms;

  if (port->ops->wall_ms (port->user, &utc_ms))
    return utc_ms;
  return self->base_utc_ms + (port->ops->monotonic_ms (port->user) - self->base_monotonic_ms);
}

static void
set (struct mf_clock *self, uint64_t utc_ms)
{
  self->base_utc_ms = utc_ms;
  self->base_monotonic_ms = self->port->ops->monotonic_ms (self->port->user);
}

void
mf_clock_at_least (struct mf_clock *self, uint64_t utc_ms)
{
  if (mf_clock_now (self) < utc_ms)
    set (self, utc_ms);
}

void
mf_clock_about (struct mf_clock *self, uint64_t utc_ms)
{
  uint64_t now = mf_clock_now (self);

  if (utc_ms > 0 && (now > utc_ms ? now - utc_ms : utc_ms - now) > TOLERANCE_MS)
    set (self, utc_ms);
}
