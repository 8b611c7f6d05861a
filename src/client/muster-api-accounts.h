/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-api-client.h"
#include "muster-api-page.h"

#include "model/muster-api-key.h"
#include "model/muster-person.h"

G_BEGIN_DECLS

/* --- signing in: from then on, CLIENT speaks for the person --- */

/* Resolve to the MusterPerson. MUSTER_ERROR_UNAUTHORIZED where e-mail or password is wrong,
 * MUSTER_ERROR_INVALID where PIN or badge is; MUSTER_ERROR_RATE_LIMITED after too many of those;
 * MUSTER_ERROR_FORBIDDEN for a person who is disabled. */
DexFuture *muster_api_sign_in (MusterApiClient *client, const char *email, const char *password);
/* Who was signed in before is signed out. */
DexFuture *muster_api_sign_in_by_pin (MusterApiClient *client,
                                      const char      *person_id,
                                      const char      *pin);
DexFuture *muster_api_sign_in_by_badge (MusterApiClient *client, const char *code);
/* Ends the sign-in, here and at the site; CLIENT then speaks as it did before. Resolves to TRUE. */
DexFuture *muster_api_sign_out (MusterApiClient *client);

/* --- who may what --- */

/* Resolves to the MusterPerson who calls; MUSTER_ERROR_NOT_FOUND for who is none of the site's. */
DexFuture *muster_api_users_get_me (MusterApiClient *client);
/* Resolves to a JsonObject {"actor","name","role","operations":[…]}. */
DexFuture *muster_api_rights_get (MusterApiClient *client);

/* --- people --- */

/* Resolves to a MusterApiPage of MusterPerson. */
DexFuture *muster_api_users_list (MusterApiClient *client, const MusterApiListQuery *query);
/* Those who work at the site, for those who may not read more of them. Resolves to a JsonObject
 * {"items":[{"id","name","role","has_pin","disabled"}…]}. */
DexFuture *muster_api_users_list_names (MusterApiClient *client);
DexFuture *muster_api_users_get (MusterApiClient *client, const char *id);
/* BODY (taken): name, email, password, role, phone, address, local_user. Resolves to the
 * MusterPerson. */
DexFuture *muster_api_users_add (MusterApiClient *client, JsonObject *body);
/* CHANGES is taken. Resolves to the MusterPerson as it is now. */
DexFuture *muster_api_users_update (MusterApiClient *client,
                                    const char      *id,
                                    JsonObject      *changes,
                                    gint64           revision);
DexFuture *muster_api_users_delete (MusterApiClient *client, const char *id, gint64 revision);
/* PASSWORD NULL: none any more. OLD (nullable): needed for one's own. Resolve to the MusterPerson.
 */
DexFuture *muster_api_users_set_password (MusterApiClient *client,
                                          const char      *id,
                                          const char      *password,
                                          const char      *old);
/* PERSON_ID NULL: the caller's. PIN, CODE NULL: none any more. */
DexFuture *muster_api_users_set_pin (MusterApiClient *client,
                                     const char      *person_id,
                                     const char      *pin);
DexFuture *muster_api_users_set_badge (MusterApiClient *client,
                                       const char      *person_id,
                                       const char      *code);

/* --- keys of programs --- */

/* Resolves to a MusterApiPage of MusterApiKey. */
DexFuture *muster_api_keys_list (MusterApiClient *client, const MusterApiListQuery *query);
/* BODY (taken): name, role, person_id, expires_at. Resolves to a JsonObject of the key's record,
 * whose member "key" is the text that nobody can read again. */
DexFuture *muster_api_keys_add (MusterApiClient *client, JsonObject *body);
DexFuture *muster_api_keys_update (MusterApiClient *client,
                                   const char      *id,
                                   JsonObject      *changes,
                                   gint64           revision);
DexFuture *muster_api_keys_delete (MusterApiClient *client, const char *id, gint64 revision);

G_END_DECLS
