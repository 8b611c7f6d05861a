/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-settings.h"
#include "muster-rate-limit.h"

G_BEGIN_DECLS

#define MUSTER_SETTING_CORS_ORIGINS "http.cors-origins"
#define MUSTER_SETTING_RATE_PER_TOKEN "http.rate-per-token"
#define MUSTER_SETTING_RATE_PER_ADDRESS "http.rate-per-address"

/* The settings of this policy; ended by a NULL key. */
extern const MusterSetting muster_http_settings[];

/* Whom the server serves from elsewhere, and how much of them: pages of which origins may read
 * answers, and how many requests a second each address and each token has. */
typedef struct
{
  MusterSettings  *settings;   /* (owned) (nullable) */
  char           **origins;    /* (owned) */
  MusterRateLimit *by_address; /* (owned) */
  MusterRateLimit *by_token;   /* (owned) */
  gulong           changed_id;
} MusterHttpPolicy;

MusterHttpPolicy *muster_http_policy_new (void);
void              muster_http_policy_free (MusterHttpPolicy *self);
/* Follows SETTINGS from now on. */
void muster_http_policy_set_settings (MusterHttpPolicy *self, MusterSettings *settings);
/* Whether a page of ORIGIN ("https://app.example", from its header) may read answers. */
gboolean muster_http_policy_allows_origin (MusterHttpPolicy *self, const char *origin);

G_END_DECLS
