/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where VictoriaMetrics is, and who asks. Immutable. */
typedef struct
{
  char *insert_url; /* without a slash at the end */
  char *select_url;
  char *tenant; /* (nullable): of a cluster */
  char *user;   /* (nullable) */
  char *password;
  char *token;   /* (nullable) */
  char *ca_file; /* (nullable) */
  char *site;    /* label of all that is ours */
} MusterVictoriaConfig;

/* INSERT_URL, SELECT_URL (nullable: the same), "http://host:8428" or with a path. TENANT
 * (nullable): "12" or "12:3", the server is a cluster then. USER and PASSWORD, TOKEN, CA_FILE:
 * nullable, empty ones count as NULL. NULL with MUSTER_ERROR_INVALID that names the setting. */
MusterVictoriaConfig *muster_victoria_config_new (const char *insert_url,
                                                  const char *select_url,
                                                  const char *tenant,
                                                  const char *user,
                                                  const char *password,
                                                  const char *token,
                                                  const char *ca_file,
                                                  const char *site,
                                                  GError    **error);
void                  muster_victoria_config_free (MusterVictoriaConfig *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterVictoriaConfig, muster_victoria_config_free)

G_END_DECLS
