/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_device.h"
#include "mf_text.h"

static const char *
adoption_id (void *user)
{
  struct mf_device *self = user;

  return self->adopted ? self->credentials.adoption_id : "";
}

static const char *
keep (void *user, const struct mf_credentials *credentials, struct mf_bytes bytes)
{
  struct mf_device *self = user;

  if (!mf_store_set (&self->store, MF_KEY_CREDENTIALS, bytes.data, bytes.size))
    return "the device cannot keep the credentials: no space";
  mf_node_stop (&self->node); /* it reads the credentials */
  self->credentials = *credentials;
  self->adopted = true;
  self->fresh = true;
  mf_clock_about (&self->clock, credentials->time_ms);
  return NULL;
}

static const struct mf_pair_ops pair_ops = { adoption_id, keep };

/* The time of the last session is a better start than 1970 where there is no clock. */
static void
restore_time (struct mf_device *self)
{
  uint8_t  record[9];
  uint64_t utc_ms = 0;
  int      at;

  if (mf_store_get (&self->store, MF_KEY_SESSION, record, sizeof record) != sizeof record)
    return;
  for (at = 0; at < 8; at++)
    utc_ms |= (uint64_t)record[1 + at] << (8 * at);
  mf_clock_at_least (&self->clock, utc_ms);
}

bool
mf_device_init (struct mf_device         *self,
                const struct mf_port     *port,
                const struct mf_identity *identity)
{
  memset (self, 0, sizeof *self);
  self->port = port;
  self->identity = *identity;
  mf_clock_init (&self->clock, port);
  if (strlen (identity->serial) > 64 || !mf_store_init (&self->store, port))
    return false;
  restore_time (self);
  return true;
}

void
mf_device_set_metrics (struct mf_device            *self,
                       const struct mf_metric_info *infos,
                       struct mf_metric            *metrics,
                       uint16_t                     n_metrics,
                       struct mf_sample            *samples,
                       uint32_t                     n_samples,
                       uint8_t                     *tx,
                       size_t                       tx_size)
{
  mf_node_init (&self->node, self->port, &self->store, &self->clock, infos, metrics, n_metrics,
                samples, n_samples, tx, tx_size);
}

void
mf_device_set_update (struct mf_device *self, struct mf_update *update)
{
  self->update = self->node.update = update;
}

void
mf_device_feed (struct mf_device *self, struct mf_bytes piece)
{
  if (self->update != NULL)
    mf_update_feed (self->update, piece);
}

void
mf_device_fetched (struct mf_device *self, enum mf_fetch_result result)
{
  if (self->update != NULL)
    mf_update_fetched (self->update, result);
}

bool
mf_device_secret (struct mf_device *self, uint8_t secret[MF_SECRET_SIZE])
{
  return mf_store_get (&self->store, MF_KEY_SECRET, secret, MF_SECRET_SIZE) == MF_SECRET_SIZE;
}

bool
mf_device_set_secret (struct mf_device *self, const uint8_t secret[MF_SECRET_SIZE])
{
  return mf_store_set (&self->store, MF_KEY_SECRET, secret, MF_SECRET_SIZE);
}

/* The node's transmit buffer serves to read the record: nothing is sent yet. */
static bool
load_credentials (struct mf_device *self)
{
  struct mf_bytes bytes = { self->node.tx, 0 };

  bytes.size = mf_store_get (&self->store, MF_KEY_CREDENTIALS, self->node.tx, self->node.tx_size);
  return bytes.size > 0 && mf_credentials_read (&self->credentials, bytes) == NULL;
}

bool
mf_device_start (struct mf_device *self)
{
  uint8_t secret[MF_SECRET_SIZE];

  if (!mf_device_secret (self, secret))
    return false;
  mf_pair_init (&self->pair, self->port, &pair_ops, self, secret, self->identity.serial,
                self->identity.firmware);
  self->port->ops->wipe (self->port->user, secret, sizeof secret);
  self->adopted = self->fresh = load_credentials (self);
  return true;
}

const char *
mf_device_adopt (struct mf_device *self, struct mf_bytes credentials)
{
  struct mf_credentials read;
  const char           *trouble = mf_credentials_read (&read, credentials);

  return trouble != NULL ? trouble : keep (self, &read, credentials);
}

void
mf_device_release (struct mf_device *self)
{
  mf_node_stop (&self->node);
  mf_pair_end_session (&self->pair);
  mf_store_set (&self->store, MF_KEY_CREDENTIALS, NULL, 0);
  self->port->ops->wipe (self->port->user, &self->credentials, sizeof self->credentials);
  mf_ring_drop_oldest (
    &self->node.ring,
    self->node.ring.count); /* what was measured for that site is not for the next */
  self->adopted = self->fresh = self->node.released = false;
}

uint32_t
mf_device_step (struct mf_device *self)
{
  uint32_t wait, update_wait;

  if (self->fresh)
    {
      self->fresh = false;
      mf_node_start (&self->node, &self->credentials);
    }
  wait = mf_node_step (&self->node);
  if (self->node.released)
    mf_device_release (self);
  if (self->update != NULL && (update_wait = mf_node_step_update (&self->node)) < wait)
    wait = update_wait;
  return wait;
}

/* Appends `text` as a JSON string. */
static bool
append_json (char *out, size_t size, const char *text)
{
  char piece[2] = { 0, 0 };
  bool fits = mf_text_append (out, size, "\"");

  for (; *text != '\0' && fits; text++)
    {
      if ((unsigned char)*text < 0x20)
        continue;
      if (*text == '"' || *text == '\\')
        fits = mf_text_append (out, size, "\\");
      piece[0] = *text;
      fits = fits && mf_text_append (out, size, piece);
    }
  return fits && mf_text_append (out, size, "\"");
}

bool
mf_device_describe (const struct mf_device *self, char *json, size_t size)
{
  const struct mf_identity *identity = &self->identity;
  const char               *members[][2] = {
    { "{\"serial\":", identity->serial },
    { ",\"mac\":", identity->mac },
    { ",\"model\":", identity->model },
    { ",\"firmware\":", identity->firmware },
    { ",\"hardware\":", identity->hardware },
    { ",\"name\":", identity->name },
    { ",\"pairing\":1,\"state\":", self->adopted ? "adopted" : "new" },
  };
  bool   fits = size > 0;
  size_t at;

  if (fits)
    json[0] = '\0';
  for (at = 0; at < sizeof members / sizeof *members && fits; at++)
    fits = mf_text_append (json, size, members[at][0]) && append_json (json, size, members[at][1]);
  return fits && mf_text_append (json, size, "}");
}
