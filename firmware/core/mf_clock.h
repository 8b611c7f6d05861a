/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_CLOCK_H
#define MF_CLOCK_H

#include "mf_port.h"

/* UTC for boards with and without a clock of their own. Without one, it is as good as the last
 * hint: the time in the credentials, of a command or of the host's STATE; between hints the
 * monotonic counter carries it on. */
struct mf_clock
{
  const struct mf_port *port;
  uint64_t              base_utc_ms;
  uint64_t              base_monotonic_ms;
};

void mf_clock_init (struct mf_clock *self, const struct mf_port *port);

/* UTC in milliseconds; counts from 0 on a board that never learnt the time. */
uint64_t mf_clock_now (const struct mf_clock *self);

/* The time is at least `utc_ms`: sets a clock that lags, leaves one that is ahead. */
void mf_clock_at_least (struct mf_clock *self, uint64_t utc_ms);

/* The time is `utc_ms`, give or take the network: sets a clock more than two seconds off. */
void mf_clock_about (struct mf_clock *self, uint64_t utc_ms);

#endif
