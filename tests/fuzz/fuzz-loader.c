/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "mf_gateway.h"

/* What a loader answers its gateway, and what a gateway has kept of an update. The first byte says
 * which; of a loader, each answer is 17 bytes: how long it takes, then the frame. */

#define ANSWER 15u
#define IMAGE (MF_IMAGE_HEADER_SIZE + 700u)

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static unsigned sent;

static void
send_frame (void *user, uint8_t *frame, size_t size)
{
  if (size > MF_LOADER_FRAME - 4)
    abort ();
  memset (frame + size, 0, 4);
  sent++;
}

static void
be_ended (void *user, enum mf_unit_status status)
{
}

static void
answer (const uint8_t *data, size_t size)
{
  static const struct mf_loader_ops ops = { send_frame, be_ended };
  static const uint8_t              image[IMAGE], key[MF_LINK_KEY];
  const struct mf_bytes             bytes = { image, sizeof image };
  struct mf_loader                  loader;
  uint32_t                          now_ms = 0;

  mf_loader_init (&loader, &ops, NULL);
  mf_loader_load (&loader, now_ms, bytes, key);
  for (; size >= 2 + ANSWER; data += 2 + ANSWER, size -= 2 + ANSWER)
    {
      mf_loader_step (&loader, now_ms);
      sent = 0;
      mf_loader_frame (&loader, now_ms, data + 2, ANSWER);
      if (sent > 1)
        abort ();
      now_ms += (uint32_t)data[0] << (data[1] & 15);
    }
}

static uint64_t
monotonic_ms (void *user)
{
  return 1000;
}

static void
send_bytes (void *user, const uint8_t *bytes, size_t size)
{
}

static bool
find_key (void *user, struct mf_bytes serial, uint8_t key[MF_LINK_KEY])
{
  memset (key, 1, MF_LINK_KEY);
  return serial.size < 4;
}

static void
take_up (const uint8_t *data, size_t size)
{
  static const struct mf_port_ops    port_ops = { .monotonic_ms = monotonic_ms };
  static const struct mf_gateway_ops ops = { .send = send_bytes, .key = find_key };
  static const struct mf_port        port = { &port_ops, NULL, 0 };
  static struct mf_node              node;
  static struct mf_gateway           gateway;
  static struct mf_sample            samples[MF_GATEWAY_SAMPLES_LEAST];
  const struct mf_bytes              bytes = { data, size };

  node.port = &port;
  mf_gateway_init (&gateway, &ops, NULL, &node, samples, MF_GATEWAY_SAMPLES_LEAST);
  mf_gateway_take_up (&gateway, bytes);
  if (gateway.update.loader.active) /* nobody's images are trusted here */
    abort ();
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size > 0 && (data[0] & 1) != 0)
    take_up (data + 1, size - 1);
  else if (size > 0)
    answer (data + 1, size - 1);
  return 0;
}
