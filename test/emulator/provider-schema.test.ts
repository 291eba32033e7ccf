import { storedProviderSchema } from "../properties/provider-schema";
import { readProviderSchema } from "../properties/terraform-schema";

const MINUTES = 60_000;

test(
  "the stored schema of the provider is what Terraform says of it: test/properties/write-provider-schema.ts writes it",
  async () => {
    expect(await readProviderSchema()).toEqual(storedProviderSchema());
  },
  5 * MINUTES,
);
