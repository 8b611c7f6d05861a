/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-mdns.h"

G_BEGIN_DECLS

/* A network in memory, for tests: what is announced here is found at once. */
#define MUSTER_TYPE_FAKE_MDNS (muster_fake_mdns_get_type ())
G_DECLARE_FINAL_TYPE (MusterFakeMdns, muster_fake_mdns, MUSTER, FAKE_MDNS, GObject)

MusterFakeMdns *muster_fake_mdns_new (void);
/* Takes RECORD's reference. Found at once while browsing runs, else once it starts. */
void muster_fake_mdns_announce (MusterFakeMdns *self, MusterMdnsRecord *record);
void muster_fake_mdns_withdraw (MusterFakeMdns *self, MusterMdnsRecord *record);
void muster_fake_mdns_set_trouble (MusterFakeMdns *self, const char *trouble);

unsigned muster_fake_mdns_get_n_scans (MusterFakeMdns *self);
/* The service published as TYPE, or NULL. Borrowed. */
MusterMdnsRecord *muster_fake_mdns_find_published (MusterFakeMdns *self, const char *type);

G_END_DECLS
