# SPDX-License-Identifier: LGPL-2.1-or-later

data DynamicArray 2.0
        dynamicType: string?
        val: anyType[]

data DynamicData 2.0
        dynamicType: string?
        dynamicProperty: DynamicProperty[]?

data DynamicProperty 2.0
        name: PropertyPath
        val: anyType

data HostCommunication : RuntimeFault 2.0

data HostNotConnected : HostCommunication 2.0

data HostNotReachable : HostCommunication 2.0

data InvalidArgument : RuntimeFault 2.0
        invalidProperty: PropertyPath?

data InvalidRequest : RuntimeFault 2.0

data InvalidType : InvalidRequest 2.0
        argument: PropertyPath?

data KeyAnyValue : DynamicData 4.0
        key: string
        value: anyType

data LocalizableMessage : DynamicData 4.0
        key: string
        arg: KeyAnyValue[]?
        message: string?

data LocalizedMethodFault : DynamicData 2.0
        fault: MethodFault
        localizedMessage: string?

data ManagedObjectNotFound : RuntimeFault 2.0
        obj: ManagedObject

data MethodFault 2.0
        faultCause: LocalizedMethodFault? 4.0
        faultMessage: LocalizableMessage[]? 4.0

data MethodNotFound : InvalidRequest 2.0
        receiver: ManagedObject
        method: string

data NotEnoughLicenses : RuntimeFault 2.0

data NotImplemented : RuntimeFault 2.0

data NotSupported : RuntimeFault 2.0

data RequestCanceled : RuntimeFault 2.0

data RuntimeFault : MethodFault 2.0

data SecurityError : RuntimeFault 2.0

data SystemError : RuntimeFault 2.0
        reason: string

data UnexpectedFault : RuntimeFault 2.0
        faultName: TypeName
        fault: LocalizedMethodFault?
