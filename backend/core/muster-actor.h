/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  MUSTER_ACTOR_SYSTEM, /* the daemon itself */
  MUSTER_ACTOR_LOCAL,  /* a user of this machine, by peer credentials */
  MUSTER_ACTOR_TOKEN,  /* the holder of the site's access token */
  MUSTER_ACTOR_PERSON,
  MUSTER_ACTOR_DEVICE,
  MUSTER_ACTOR_KEY, /* a program with an API key */
} MusterActorKind;

/* Who does something. Immutable, reference counted, safe from any thread. */
typedef struct _MusterActor MusterActor;

#define MUSTER_TYPE_ACTOR (muster_actor_get_type ())
GType muster_actor_get_type (void);
/* ID: user name, person or device id. ROLE: index of muster_role_enum, that of a device is
 * MUSTER_ROLE_DEVICE. */
MusterActor *muster_actor_new (MusterActorKind kind, const char *id, const char *name, int role);
/* A program with the API key of ID; PERSON_ID (nullable): whose key it is. */
MusterActor *muster_actor_new_key (const char *id,
                                   const char *name,
                                   int         role,
                                   const char *person_id);
MusterActor *muster_actor_new_system (const char *service_name);
/* TEXT: what muster_actor_to_string() gave; another, or NULL, is an actor of the daemon itself. */
MusterActor    *muster_actor_new_from_string (const char *text, int role);
MusterActor    *muster_actor_ref (MusterActor *self);
void            muster_actor_unref (MusterActor *self);
MusterActorKind muster_actor_get_kind (MusterActor *self);
const char     *muster_actor_get_id (MusterActor *self);
const char     *muster_actor_get_name (MusterActor *self);
int             muster_actor_get_role (MusterActor *self);
/* The person who acts, or for whom a program acts: what "own records" means. NULL where nobody of
 * the site's people does: the access token, the system, devices, users of the machine who are no
 * person of the site. */
const char *muster_actor_get_person_id (MusterActor *self);
/* "system:discovery", "local:alice", "token", "person:<id>", "device:<id>", "key:<id>": as the
 * journal keeps it. */
const char *muster_actor_to_string (MusterActor *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterActor, muster_actor_unref)

G_END_DECLS
