/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stddef.h>
#include <stdint.h>

#include "client/muster-api-frame.h"
#include "client/muster-api-journal.h"
#include "client/muster-api-monitoring.h"
#include "client/muster-api-problem.h"
#include "client/muster-api-reading.h"
#include "client/muster-api-response.h"

#include "model/muster-device.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static GObject *
make_device (JsonObject *row, gconstpointer info, GError **error)
{
  return (GObject *)muster_entity_new_from_json (info, row, error);
}

/* An object as each of the answers that a daemon may give. */
static void
read_object (JsonObject *object)
{
  g_autoptr (MusterApiPage) page =
              muster_api_page_new_from_json (object, MUSTER_TYPE_DEVICE, make_device,
                                             &muster_device_info, NULL);
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (object, NULL);
  g_autoptr (MusterApiReading) reading = muster_api_reading_new_from_json (object);
  g_autoptr (GPtrArray) series = muster_api_series_list_from_json (object, NULL);
  g_autofree char *text = reading != NULL ? muster_api_reading_format (reading) : NULL;

  if (page != NULL)
    muster_api_page_get_next (page);
  if (change != NULL)
    muster_api_change_can_undo (change);
}

/* What a daemon, or whoever sits in its place, says: problem documents, frames of the live stream,
 * and answers. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) problem = muster_api_problem_decode (409, "application/problem+json", bytes);
  g_autoptr (MusterApiFrame) frame = muster_api_frame_parse (bytes, NULL);
  g_autoptr (MusterApiResponse) response =
              muster_api_response_new (200, "application/json", 0, bytes);
  g_autoptr (JsonObject) object = muster_api_response_parse_object (response, NULL);

  if (frame != NULL && frame->data != NULL)
    read_object (frame->data);
  if (object != NULL)
    read_object (object);
  return 0;
}
