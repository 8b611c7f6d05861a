/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-node-update"

#include "config.h"

#include "muster-node-sensors.h"
#include "muster-node-update.h"

#define NO_CONFIRM "no-confirm"
#define CUT_WITHIN 40 /* operations on the flash: a megabyte takes more */

/* A number from 0 to 1 that is the same for this unit in every run with the same seed. */
static double
draw (MusterNodeUpdate *self, const char *purpose)
{
  g_autofree char *text = g_strdup_printf ("%u %s %s", self->faults->seed, purpose, self->serial);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  hash[8] = '\0';
  return (double)g_ascii_strtoull (hash, NULL, 16) / ((double)G_MAXUINT32 + 1);
}

gboolean
muster_node_update_init (MusterNodeUpdate             *self,
                         MusterNodeShelf              *shelf,
                         MusterNodeFetcher            *fetcher,
                         const MusterNodeUpdateFaults *faults,
                         const char                   *serial,
                         const char                   *model,
                         const char                   *hardware,
                         const char                   *version,
                         GError                      **error)
{
  self->fetcher = fetcher;
  self->faults = faults;
  self->serial = serial;
  /* not cleared: a fleet's memory is taken by the units alone that find blocks */
  self->blocks = g_new (struct mf_delta_block, MF_INDEX_BLOCKS_MAX);
  self->slots = muster_node_slots_new (shelf, serial, model, hardware, version, error);
  return self->slots != NULL;
}

void
muster_node_update_clear (MusterNodeUpdate *self)
{
  muster_node_update_stop (self);
  g_clear_pointer (&self->slots, muster_node_slots_free);
  g_clear_pointer (&self->failed, g_free);
  g_clear_pointer (&self->blocks, g_free);
}

/* The first try of a version is not well, on the units that were drawn. */
static void
choose_failure (MusterNodeUpdate *self, unsigned running)
{
  self->fails = FALSE;
  if (self->boot.states[running] != MF_SLOT_TRYING ||
      draw (self, "failure") >= self->faults->failures ||
      g_strcmp0 (self->failed, self->version) == 0)
    return;
  self->fails = TRUE;
  g_free (self->failed);
  self->failed = g_strdup (self->version);
}

gboolean
muster_node_update_boot (MusterNodeUpdate *self)
{
  const struct mf_boot_config *config = muster_node_slots_get_config (self->slots);
  unsigned                     running;

  muster_node_update_stop (self);
  muster_node_slots_power_on (self->slots);
  if (!mf_boot_init (&self->boot, config))
    return FALSE;
  running = mf_boot_select (&self->boot, &self->image);
  if (running == MF_BOOT_NONE)
    return FALSE;
  self->agent.running = running;
  mf_image_version_format (self->image.version, self->version);
  self->is_bad = g_strcmp0 (self->version, self->faults->bad_version) == 0;
  if (self->boot.states[running] == MF_SLOT_TRYING)
    g_message ("%s: tries version %s", self->serial, self->version);
  choose_failure (self, running);
  return TRUE;
}

void
muster_node_update_begin (MusterNodeUpdate     *self,
                          struct mf_device     *device,
                          const struct mf_port *port)
{
  mf_update_init (&self->agent, port, &device->store, &self->boot, self->agent.running);
  mf_update_set_delta (&self->agent, self->blocks, MF_INDEX_BLOCKS_MAX);
  mf_device_set_update (device, &self->agent);
}

static void
muster_node_update_piece_cb (gpointer user_data, struct mf_bytes bytes)
{
  MusterNodeUpdate *self = user_data;

  self->events->piece (self->user_data, bytes);
}

static void
muster_node_update_done_cb (gpointer user_data, enum mf_fetch_result result, const char *why)
{
  MusterNodeUpdate *self = user_data;

  self->fetch = NULL;
  self->events->done (self->user_data, result, why);
}

static const MusterNodeFetchEvents fetch_events = { muster_node_update_piece_cb,
                                                    muster_node_update_done_cb };

static void
set_power_cut (MusterNodeUpdate *self)
{
  if (self->cut_set || draw (self, "power") >= self->faults->power_cuts)
    return;
  self->cut_set = TRUE;
  muster_node_slots_cut_power (self->slots, 1 + (guint)(draw (self, "when") * CUT_WITHIN));
}

bool
muster_node_update_fetch (MusterNodeUpdate            *self,
                          const struct mf_credentials *site,
                          const char                  *url,
                          uint32_t                     offset,
                          uint32_t                     size,
                          const MusterNodeFetchEvents *events,
                          gpointer                     user_data)
{
  MusterNodeFetchHow how = {
    url, site->tls_name, { site->ca, site->ca_size }, offset, size,
  };

  set_power_cut (self);
  self->events = events;
  self->user_data = user_data;
  self->fetch = muster_node_fetcher_start (self->fetcher, &how, &fetch_events, self);
  return self->fetch != NULL;
}

void
muster_node_update_stop (MusterNodeUpdate *self)
{
  g_clear_pointer (&self->fetch, muster_node_fetch_stop);
}

const char *
muster_node_update_self_test (MusterNodeUpdate *self)
{
  if (self->fails)
    return "the self-test was made to fail";
  if (self->is_bad && g_strcmp0 (self->faults->bad_fault, NO_CONFIRM) == 0)
    return "the version was made to be bad";
  return NULL;
}

gboolean
muster_node_update_is_fault (const char *name)
{
  MusterNodeSensors sensors;

  muster_node_sensors_init (&sensors, 0);
  return g_str_equal (name, NO_CONFIRM) || muster_node_sensors_set_fault (&sensors, name);
}

const char *
muster_node_update_get_fault (MusterNodeUpdate *self)
{
  return self->is_bad && g_strcmp0 (self->faults->bad_fault, NO_CONFIRM) != 0
           ? self->faults->bad_fault
           : NULL;
}

gboolean
muster_node_update_lost_power (MusterNodeUpdate *self)
{
  return !muster_node_slots_has_power (self->slots);
}
