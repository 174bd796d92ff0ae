import { type VendorHttp, type VendorRequest, type VendorResponse } from '../../shared/http/vendor-http';

type Given = Partial<VendorResponse> | Error;

export interface FakeHttp extends VendorHttp {
  /** What was asked, in order. */
  requests: VendorRequest[];
}

/** Stands in front of a vendor's client: answers by a function of the request. */
export function fakeHttp(answer: (request: VendorRequest) => Given): FakeHttp {
  const requests: VendorRequest[] = [];
  return {
    requests,
    send(request) {
      requests.push(request);
      const given = answer(request);
      if (given instanceof Error) return Promise.reject(given);
      return Promise.resolve({ status: 200, headers: {}, body: null, date: new Date(0), ...given });
    },
    stream: () => Promise.reject(new Error('this vendor streams nothing')),
  };
}
