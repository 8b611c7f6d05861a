/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-repository.h"
#include "core/muster-service.h"
#include "core/muster-settings.h"
#include "muster-password-hasher.h"

G_BEGIN_DECLS

#define MUSTER_SETTING_REGISTRATION "accounts.registration"
#define MUSTER_SETTING_LOCAL_ROLE "accounts.local-role"
#define MUSTER_SETTING_ACCESS_SECONDS "accounts.access-seconds"
#define MUSTER_SETTING_REFRESH_DAYS "accounts.refresh-days"

/* The room's settings; ended by a NULL key. */
extern const MusterSetting muster_accounts_settings[];

/* Before the database starts: an e-mail address is kept in small letters, what is said of a person
 * agrees with the secrets that are kept, sign-ins end with what they stand on, and the last
 * administrator stays one. */
void muster_accounts_add_rules (MusterDatabase *database);

/**
 * MusterAccounts:
 *
 * People sign in, by password, PIN or badge, and their programs by keys; who a token belongs to;
 * who a user of the daemon's machine is. Signal `changed ()`: what somebody was recognised by may
 * not be valid any more. All functions are for the main thread, and all futures
 * reject with a MUSTER_ERROR.
 */
#define MUSTER_TYPE_ACCOUNTS (muster_accounts_get_type ())
G_DECLARE_FINAL_TYPE (MusterAccounts, muster_accounts, MUSTER, ACCOUNTS, MusterService)

typedef struct
{
  const char               *key_file; /* path */
  const char               *issuer;   /* the site's id */
  const MusterPasswordCost *cost;     /* (nullable): muster_password_cost */
} MusterAccountsOptions;

/* Tokens that are no person's: (transfer full) (nullable). */
typedef MusterActor *(*MusterAccountsFallback) (const char *token, gpointer user_data);

MusterAccounts   *muster_accounts_new (MusterRepository            *repository,
                                       MusterSettings              *settings,
                                       const MusterAccountsOptions *options);
void              muster_accounts_set_fallback (MusterAccounts        *self,
                                                MusterAccountsFallback fallback,
                                                gpointer               user_data);
MusterRepository *muster_accounts_get_repository (MusterAccounts *self);
MusterSettings   *muster_accounts_get_settings (MusterAccounts *self);

/* --- who is that --- */

/* Resolves to the MusterActor that TOKEN (of `Authorization: Bearer`) stands for, at once when it
 * was seen before; MUSTER_ERROR_UNAUTHORIZED. */
DexFuture *muster_accounts_authenticate (MusterAccounts *self, const char *token);
/* Likewise by HTTP Basic: USER is a person's e-mail address and PASSWORD theirs, or USER is
 * anything else and PASSWORD a token. REMOTE: the address it comes from. Also
 * MUSTER_ERROR_RATE_LIMITED. */
DexFuture *muster_accounts_authenticate_basic (MusterAccounts *self,
                                               const char     *user,
                                               const char     *password,
                                               const char     *remote);
/* Resolves to the MusterActor who USER of the daemon's machine is: the person whose local_user it
 * is, else a local user: with the role of the setting where IS_OWNER (the daemon's own user, or
 * root), with ROLE otherwise. MUSTER_ERROR_FORBIDDEN for a person who is disabled. */
DexFuture *muster_accounts_identify (MusterAccounts *self,
                                     const char     *user,
                                     gboolean        is_owner,
                                     int             role);

/* --- signing in --- */

/* What muster_accounts_sign_in…() and _refresh() resolve to. */
typedef struct
{
  char         *access_token;
  char         *refresh_token;
  gint64        expires_in; /* seconds */
  MusterEntity *person;
} MusterSession;

#define MUSTER_TYPE_SESSION (muster_session_get_type ())
GType muster_session_get_type (void);

/* Where a request comes from: REMOTE address, and CLIENT as it calls itself (nullable). */
typedef struct
{
  const char *remote;
  const char *client;
} MusterCaller;

/* MUSTER_ERROR_UNAUTHORIZED, the same and after the same work whether there is such an account or
 * not; MUSTER_ERROR_RATE_LIMITED after too many of them; MUSTER_ERROR_FORBIDDEN for a person who is
 * disabled. */
DexFuture *muster_accounts_sign_in (MusterAccounts     *self,
                                    const char         *email,
                                    const char         *password,
                                    const MusterCaller *caller);
/* A PIN or badge that is wrong is MUSTER_ERROR_INVALID. */
DexFuture *muster_accounts_sign_in_by_pin (MusterAccounts     *self,
                                           const char         *person_id,
                                           const char         *pin,
                                           const MusterCaller *caller);
DexFuture *muster_accounts_sign_in_by_badge (MusterAccounts     *self,
                                             const char         *code,
                                             const MusterCaller *caller);
/* A refresh token is good once. One that is shown again was stolen, or its successor was: all of
 * its family end, MUSTER_ERROR_UNAUTHORIZED. */
DexFuture *muster_accounts_refresh (MusterAccounts *self, const char *refresh_token);
/* Ends the sign-in that ACCESS_TOKEN or REFRESH_TOKEN (each nullable) belongs to. Resolves to TRUE;
 * MUSTER_ERROR_UNAUTHORIZED where neither is one of ours. */
DexFuture *muster_accounts_sign_out (MusterAccounts *self,
                                     const char     *access_token,
                                     const char     *refresh_token);

/* --- people --- */

/* Adds PERSON with PASSWORD (nullable). ACTOR NULL: nobody who is known. The first person of a site
 * becomes its administrator; later ones get the role that PERSON has, within what ACTOR may give
 * (ROLE_GIVEN FALSE: the least that makes sense), or that of a customer where they register
 * themselves. Resolves to the MusterPerson. */
DexFuture *muster_accounts_add_person (MusterAccounts *self,
                                       MusterActor    *actor,
                                       const char     *remote,
                                       MusterEntity   *person,
                                       gboolean        role_given,
                                       const char     *password);
/* CHANGES as of PUT /users/{id}. Resolves to the MusterPerson. */
DexFuture *muster_accounts_update_person (MusterAccounts *self,
                                          MusterActor    *actor,
                                          const char     *id,
                                          JsonObject     *changes,
                                          gint64          expected_revision);
/* PASSWORD NULL: none any more. OLD (nullable): needed of those who change their own.
 * KEEP_SIGN_IN (nullable): the sign-in that goes on, all others end. Resolves to the MusterPerson.
 */
DexFuture *muster_accounts_set_password (MusterAccounts *self,
                                         MusterActor    *actor,
                                         const char     *id,
                                         const char     *password,
                                         const char     *old,
                                         const char     *keep_sign_in);
/* PIN of 4 to 12 digits, CODE of 4 to 200 characters; NULL: none any more. Resolve to the
 * MusterPerson. */
DexFuture *muster_accounts_set_pin (MusterAccounts *self,
                                    MusterActor    *actor,
                                    const char     *id,
                                    const char     *pin);
DexFuture *muster_accounts_set_badge (MusterAccounts *self,
                                      MusterActor    *actor,
                                      const char     *id,
                                      const char     *code);

/* --- keys of programs --- */

/* Adds KEY (an api_key), whose role must not be above ACTOR's. Resolves to the key's text, which
 * nobody can read again; KEY then has its base fields. */
DexFuture *muster_accounts_add_key (MusterAccounts *self, MusterActor *actor, MusterEntity *key);

/* The id of the sign-in that ACCESS_TOKEN came with, when it is one of ours and still good:
 * (transfer full) (nullable). */
char *muster_accounts_dup_sign_in (MusterAccounts *self, const char *access_token);

G_END_DECLS
