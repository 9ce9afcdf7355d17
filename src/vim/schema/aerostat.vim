# SPDX-License-Identifier: LGPL-2.1-or-later
# aerostat's own: what vim25 has no words for. Written by hand; the other files are what VMware publishes.

data AerostatAdvice : DynamicData 2.0
        vm: VirtualMachine?
        name: string?
        kind: string
        message: string
        memoryBytes: long
        suggestedBytes: long

data AerostatAllocationChange : DynamicData 2.0
        entity: ManagedEntity
        memoryAllocation: ResourceAllocationInfo?
        resourcePool: ResourcePool?

data AerostatAllocationPreview : DynamicData 2.0
        entity: ManagedEntity
        targetBytes: long
        newTargetBytes: long

data AerostatEvent : DynamicData 2.0
        id: long
        time: dateTime
        type: string
        vm: string?
        message: string

data AerostatHostMemory : DynamicData 2.0
        time: dateTime
        managedBytes: long
        totalBytes: long
        freeBytes: long
        consumedBytes: long
        overheadBytes: long
        otherBytes: long
        privateBytes: long
        state: string
        stateSince: dateTime
        stateCause: string
        highBytes: long
        softBytes: long
        hardBytes: long
        lowBytes: long
        overcommit: double[]
        vms: int
        share: AerostatSharing
        balloonBytes: long
        balloonTargetBytes: long
        balloonMaxBytes: long
        swappedBytes: long
        swapTargetBytes: long
        swapReadBytesPerSecond: double
        swapWriteBytesPerSecond: double
        cacheBytes: long
        zippedBytes: long
        zipSavedBytes: long
        zipBytesPerSecond: double
        unzipBytesPerSecond: double
        connection: string
        connectionReason: string?

data AerostatOperation : DynamicData 2.0
        name: string
        task: boolean
        privilege: string

data AerostatPoolMemory : DynamicData 2.0
        pool: ResourcePool
        path: string
        shares: int
        sharesLevel: SharesLevel
        reservationBytes: long
        limitBytes: long?
        expandable: boolean
        targetBytes: long
        consumedBytes: long
        activeBytes: long
        reservationUsedBytes: long
        reservationFreeBytes: long
        vms: int
        pools: int

data AerostatSharing : DynamicData 2.0
        state: string
        reason: string
        sharedBytes: long
        commonBytes: long
        savedBytes: long
        pagesPerSecond: double
        processors: double

data AerostatVmMemory : DynamicData 2.0
        vm: VirtualMachine?
        name: string
        uuid: string
        processId: int
        pool: string
        power: string
        managed: string
        problem: string?
        cause: string?
        stopped: boolean
        memoryBytes: long
        grantedBytes: long
        targetBytes: long
        activeBytes: long
        consumedBytes: long
        overheadBytes: long
        idleBytes: long
        residentBytes: long
        parkedBytes: long
        absentBytes: long
        sharedBytes: long
        savedBytes: long
        privateBytes: long
        balloonBytes: long
        balloonTargetBytes: long
        balloonMaxBytes: long
        balloonState: string
        swappedBytes: long
        swapTargetBytes: long
        swapReadBytesPerSecond: double
        swapWriteBytesPerSecond: double
        cacheBytes: long
        cacheUsedBytes: long
        compressedBytes: long
        sameBytes: long
        zipBytesPerSecond: double
        unzipBytesPerSecond: double
        faultsPerSecond: double
        pagerLimitBytes: long?
        shares: int
        sharesLevel: SharesLevel
        reservationBytes: long
        limitBytes: long?
        config: OptionValue[]?

managed AerostatManager : ManagedObject 2.0
        round: long needs System.View
        AdmitVm(uuid: string, name: string, memoryBytes: long): void
                needs VirtualMachine.Interact.PowerOn
                throws InsufficientMemoryResourcesFault InvalidArgument
        QueryAdvice(): AerostatAdvice[]?
                needs System.Read
        QueryJournal(after: long?, limit: int?): AerostatEvent[]?
                needs System.View
        QueryHostMemory(): AerostatHostMemory
                needs System.Read
        QueryOperations(): AerostatOperation[]
                needs System.View
        QueryPoolMemory(): AerostatPoolMemory[]
                needs System.Read
        QueryVmMemory(vm: VirtualMachine[]?): AerostatVmMemory[]?
                needs System.Read
        PreviewAllocation(change: AerostatAllocationChange[]): AerostatAllocationPreview[]?
                needs System.Read
                throws InvalidArgument
        RunOperation(operation: string, arguments: string?): string?
                needs System.View
                throws InvalidArgument
        RunOperation_Task(operation: string, arguments: string?): Task
                needs System.View
                throws InvalidArgument
