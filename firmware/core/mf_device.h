/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_DEVICE_H
#define MF_DEVICE_H

#include "mf_node.h"
#include "mf_pair.h"

/* A whole device: identity, label, adoption, and the node it is once adopted. This is what a port
 * runs. */

#define MF_DESCRIPTION_MAX 512u

struct mf_identity
{
  const char *serial; /* at most 64 bytes */
  const char *mac;    /* 12 hexadecimal digits */
  const char *model;
  const char *firmware;
  const char *hardware;
  const char *name;
};

struct mf_device
{
  const struct mf_port *port;
  struct mf_identity    identity;
  struct mf_store       store;
  struct mf_clock       clock;
  struct mf_credentials credentials;
  bool                  adopted;
  bool                  fresh; /* credentials came: the node starts anew with them */
  struct mf_pair        pair;
  struct mf_node        node;
  struct mf_update     *update; /* NULL: it cannot be updated */
};

/* In this order: init, set_metrics (as mf_node_init()), start. init is false when the flash cannot
 * be used. */
bool mf_device_init (struct mf_device         *self,
                     const struct mf_port     *port,
                     const struct mf_identity *identity);
void mf_device_set_metrics (struct mf_device            *self,
                            const struct mf_metric_info *infos,
                            struct mf_metric            *metrics,
                            uint16_t                     n_metrics,
                            struct mf_sample            *samples,
                            uint32_t                     n_samples,
                            uint8_t                     *tx,
                            size_t                       tx_size);
/* After set_metrics: the agent that brings updates, initialised by the port. */
void mf_device_set_update (struct mf_device *self, struct mf_update *update);

/* Begins to work with what the store holds: adopted or not. False: there is no secret; see
 * mf_device_set_secret(). */
bool mf_device_start (struct mf_device *self);

/* The label's secret: written at manufacture. */
bool mf_device_secret (struct mf_device *self, uint8_t secret[MF_SECRET_SIZE]);
bool mf_device_set_secret (struct mf_device *self, const uint8_t secret[MF_SECRET_SIZE]);

/* Adopts as if the console had paired; for devices prepared at a bench. NULL, or what is wrong. */
const char *mf_device_adopt (struct mf_device *self, struct mf_bytes credentials);

/* Forgets the site: what the reset button does. */
void mf_device_release (struct mf_device *self);

/* What the port's fetch brought, and that it is over. */
void mf_device_feed (struct mf_device *self, struct mf_bytes piece);
void mf_device_fetched (struct mf_device *self, enum mf_fetch_result result);

/* Does what is due; returns in how many milliseconds to come again at the latest. */
uint32_t mf_device_step (struct mf_device *self);

/* The answer to GET /pair. False: it does not fit. */
bool mf_device_describe (const struct mf_device *self, char *json, size_t size);

#endif
