/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-delivery.h"
#include "model/muster-device.h"
#include "model/muster-location.h"
#include "model/muster-order.h"
#include "model/muster-person.h"
#include "model/muster-product.h"
#include "model/muster-rights.h"
#include "muster-daemon-jobs.h"
#include "orders/muster-order-jobs.h"

/* clang-format off */
static const MusterJobTarget targets[] = {
  { &muster_delivery_info, NULL, "setDeliveryStatus", NULL, .step = muster_delivery_step_for_job },
  { &muster_device_info, "updateDevice", "setDeviceStatus", "deleteDevice" },
  { &muster_location_info, "updateLocation", NULL, "deleteLocation" },
  { &muster_order_info, NULL, "setOrderStatus", NULL, .step = muster_order_step_for_job },
  /* Everybody may change their own record; many at once are the administrators' business. */
  { &muster_person_info, "deleteUser", NULL, "deleteUser" },
  { &muster_product_info, "updateProduct", NULL, "deleteProduct" },
};
/* clang-format on */

static gboolean
may_do (MusterActor *actor, const char *operation, gpointer data)
{
  int role = muster_actor_get_role (actor);

  return role >= 0 && muster_rights_allow (operation, role);
}

MusterJobService *
muster_daemon_jobs_new (MusterDatabase *database, MusterBus *bus)
{
  MusterJobService *self = muster_job_service_new (database, bus);

  muster_job_service_set_may (self, may_do, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (targets); i++)
    muster_job_service_add_target (self, &targets[i]);
  return self;
}
