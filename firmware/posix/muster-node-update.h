/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mf_device.h"
#include "muster-node-fetch.h"
#include "muster-node-slots.h"

G_BEGIN_DECLS

/* How updates go wrong, for a fleet; which units it meets follows from the seed and the serial
 * number alone. */
typedef struct
{
  guint32     seed;
  double      failures;    /* part of the units whose first try of a version is not well */
  double      power_cuts;  /* part of them whose power fails during their first update */
  const char *bad_version; /* (nullable): a version that is bad on every unit, as 1.2.3 */
  const char *bad_fault;   /* what it does: a fault of the sensors, or "no-confirm" */
} MusterNodeUpdateFaults;

/* The updating half of a unit: slots, boot and agent, and the file on its way. The image is a
 * simulation: what a unit does is this program's, whichever image runs; the image decides what
 * version it says it is, and whether it goes wrong. */
typedef struct
{
  MusterNodeSlots              *slots; /* (owned) */
  MusterNodeFetcher            *fetcher;
  const MusterNodeUpdateFaults *faults;
  const char                   *serial;
  struct mf_boot                boot;
  struct mf_update              agent;
  struct mf_delta_block        *blocks; /* (owned): for an index */
  struct mf_image               image;  /* that runs */
  char                          version[MF_IMAGE_VERSION_TEXT_SIZE];
  MusterNodeFetch              *fetch; /* (nullable) */
  const MusterNodeFetchEvents  *events;
  gpointer                      user_data;
  gboolean                      is_bad;  /* the version that runs is the bad one */
  gboolean                      fails;   /* this try is not to be well */
  gboolean                      cut_set; /* its power has been made to fail */
  char                         *failed;  /* (owned) (nullable): version whose first try it was */
} MusterNodeUpdate;

gboolean muster_node_update_init (MusterNodeUpdate             *self,
                                  MusterNodeShelf              *shelf,
                                  MusterNodeFetcher            *fetcher,
                                  const MusterNodeUpdateFaults *faults,
                                  const char                   *serial,
                                  const char                   *model,
                                  const char                   *hardware,
                                  const char                   *version,
                                  GError                      **error);
void     muster_node_update_clear (MusterNodeUpdate *self);

/* Power comes: the boot chooses a slot. FALSE: there is nothing to start. */
gboolean muster_node_update_boot (MusterNodeUpdate *self);

/* The program that the boot started takes up its update. */
void muster_node_update_begin (MusterNodeUpdate     *self,
                               struct mf_device     *device,
                               const struct mf_port *port);

/* Of struct mf_port_ops; what comes is reported by `events`. */
bool        muster_node_update_fetch (MusterNodeUpdate            *self,
                                      const struct mf_credentials *site,
                                      const char                  *url,
                                      uint32_t                     offset,
                                      uint32_t                     size,
                                      const MusterNodeFetchEvents *events,
                                      gpointer                     user_data);
void        muster_node_update_stop (MusterNodeUpdate *self);
const char *muster_node_update_self_test (MusterNodeUpdate *self);

/* Whether a version can be bad in that way. */
gboolean muster_node_update_is_fault (const char *name);

/* The fault of the sensors that the version that runs brings with it; NULL = none. */
const char *muster_node_update_get_fault (MusterNodeUpdate *self);

/* Whether its power has just failed. */
gboolean muster_node_update_lost_power (MusterNodeUpdate *self);

G_END_DECLS
