/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-http-fetch.h"
#include "core/muster-clock.h"
#include "muster-mdns-record.h"

G_BEGIN_DECLS

/**
 * MusterManualAddresses:
 *
 * The addresses that people named: each is asked what it is, at once and every minute, ever more
 * seldom while it does not answer, down to every 10 minutes.
 *
 * Signals: `answered` (MusterMdnsRecord), first without an address as long as nothing answered;
 * `silent` (MusterMdnsRecord) once what answered no longer does, or its address was forgotten.
 */
#define MUSTER_TYPE_MANUAL_ADDRESSES (muster_manual_addresses_get_type ())
G_DECLARE_FINAL_TYPE (MusterManualAddresses,
                      muster_manual_addresses,
                      MUSTER,
                      MANUAL_ADDRESSES,
                      GObject)

MusterManualAddresses *muster_manual_addresses_new (MusterHttpFetch *fetch, MusterClock *clock);
/* ID: of the record. NAME (nullable): what to call it until it says. */
void muster_manual_addresses_add (MusterManualAddresses *self,
                                  const char            *id,
                                  const char            *address,
                                  const char            *name);
void muster_manual_addresses_remove (MusterManualAddresses *self, const char *id);
void muster_manual_addresses_ask_all (MusterManualAddresses *self);
/* Asks those that are due; a timer calls it. */
void muster_manual_addresses_tick (MusterManualAddresses *self);

G_END_DECLS
