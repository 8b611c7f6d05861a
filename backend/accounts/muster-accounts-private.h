/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-lru.h"
#include "model/muster-person.h"
#include "muster-access-token.h"
#include "muster-accounts.h"
#include "muster-throttle.h"

G_BEGIN_DECLS

struct _MusterAccounts
{
  MusterService parent_instance;

  MusterRepository      *repository; /* (owned) */
  MusterSettings        *settings;   /* (owned) */
  MusterClock           *clock;      /* (owned) */
  MusterActor           *actor;      /* (owned): this service's own */
  MusterPasswordHasher  *hasher;     /* (owned) */
  MusterKeyRing         *keys;       /* (owned) */
  char                  *issuer;     /* (owned) */
  MusterAccountsFallback fallback;
  gpointer               fallback_data;

  MusterLru *known;      /* (owned) (element-type Known): who is behind a token, a user */
  unsigned   generation; /* of what may be known: what was looked up in an older one is not kept */
  MusterThrottle *by_account;    /* (owned) */
  MusterThrottle *by_address;    /* (owned) */
  MusterThrottle *by_pin;        /* (owned) */
  MusterThrottle *registrations; /* (owned) */
  unsigned        sweep_id;
  MusterLru      *sign_ins; /* (owned) (nullable) (element-type DexFuture): of HTTP Basic */
  guint8          basic_key[32];
};

/* What a fiber of this room works on. */
typedef struct
{
  MusterAccounts *accounts; /* (owned) */
  MusterActor    *actor;    /* (owned) (nullable) */
  MusterEntity   *entity;   /* (owned) (nullable) */
  JsonObject     *changes;  /* (owned) (nullable) */
  char           *id;       /* (owned) (nullable) */
  char           *secret;   /* (owned) (nullable): wiped */
  char           *old;      /* (owned) (nullable): wiped */
  char           *hash;     /* (owned) (nullable) */
  char           *remote;   /* (owned) (nullable) */
  char           *client;   /* (owned) (nullable) */
  gint64          revision;
  gboolean        flag;
} MusterAccountsCall;

/* Reference counted: a job of the database may outlive the fiber. */
MusterAccountsCall *muster_accounts_call_new (MusterAccounts *accounts, MusterActor *actor);
MusterAccountsCall *muster_accounts_call_ref (MusterAccountsCall *self);
void                muster_accounts_call_unref (gpointer self);
/* Runs FIBER on SELF (taken). */
DexFuture *muster_accounts_call_run (MusterAccountsCall *self, DexFiberFunc fiber);

/* In a fiber: runs FUNC on SELF in a transaction. */
gboolean muster_accounts_call_write (MusterAccountsCall *self,
                                     const char         *operation,
                                     MusterDatabaseFunc  func,
                                     GError            **error);

/* In a fiber: the one record of INFO whose FIELD is VALUE, or NULL without an error: (transfer
 * full). */
MusterEntity *muster_accounts_find (MusterAccounts         *self,
                                    const MusterEntityInfo *info,
                                    const char             *field,
                                    const char             *value,
                                    GError                **error);
/* FALSE with MUSTER_ERROR_RATE_LIMITED while NAME has to wait in THROTTLE; otherwise counts an
 * attempt. */
gboolean muster_accounts_attempt (MusterAccounts *self,
                                  MusterThrottle *throttle,
                                  const char     *name,
                                  GError        **error);
/* FALSE with MUSTER_ERROR_FORBIDDEN for a person who is disabled. */
gboolean muster_accounts_check_enabled (MusterEntity *person, GError **error);

/* For at most N who are known. */
MusterLru *muster_accounts_known_new (unsigned n);

gboolean muster_accounts_is_administrator (MusterActor *actor);
/* Whether ACTOR may give KEY its role: MUSTER_ERROR_FORBIDDEN or, where no key has it,
 * MUSTER_ERROR_INVALID. */
gboolean muster_accounts_check_key_role (MusterEntity *key, MusterActor *actor, GError **error);

G_END_DECLS
