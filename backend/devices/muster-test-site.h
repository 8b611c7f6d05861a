/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-core-test-util.h"
#include "core/muster-repository.h"
#include "muster-device-service.h"
#include "muster-test-device.h"

G_BEGIN_DECLS

/* A site with a database in a folder of its own, and a broker that only keeps the list of accounts.
 * In a fiber. */
typedef struct
{
  MusterTestDir        *dir;
  MusterClock          *clock;
  MusterBus            *bus;
  MusterDatabase       *database;
  MusterRepository     *repository;
  MusterDeviceRegistry *registry;
  MusterDeviceService  *service;
  MusterTestDevice     *device; /* on the network, with the serial number MN-000117 */
  MusterActor          *actor;
  MusterCandidate      *candidate; /* what discovery would tell of the device */
  gboolean              candidate_gone;
  /* the broker */
  GHashTable *accounts; /* user name → password hash */
  gboolean    broker_down;
  unsigned    n_projections;
  unsigned    n_released;
  unsigned    n_rebirths;
  unsigned    n_forgotten;
  gboolean    node_online;  /* release() reaches it */
  GError     *write_error;  /* (nullable): what write() answers */
  GString    *written;      /* "group/node/device metric=value;" */
  DexPromise *write_answer; /* (nullable): write() waits for it */
} MusterTestSite;

#define MUSTER_TEST_SERIAL "MN-000117"
#define MUSTER_TEST_KEY "serial:MN-000117"

extern const MusterDeviceLinks muster_test_links; /* user_data: the site */

MusterTestSite *muster_test_site_new (void);
void            muster_test_site_free (MusterTestSite *self);
/* Ends registry, service and database, and starts new ones on the same files, as the daemon's end
 * and start do. */
void muster_test_site_restart (MusterTestSite *self);
/* A record with a name and a serial number: its id. (transfer full) */
char *muster_test_site_add_device (MusterTestSite *self, const char *name, const char *serial);
/* (transfer full) */
MusterEntity *muster_test_site_get_device (MusterTestSite *self, const char *id);
/* All records of INFO, newest first: (transfer full). */
GPtrArray *muster_test_site_list (MusterTestSite *self, const MusterEntityInfo *info);
/* Lets the main loop run until the broker's accounts are those of the records. */
void muster_test_site_settle (MusterTestSite *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterTestSite, muster_test_site_free)

G_END_DECLS
